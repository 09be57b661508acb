// As it is written first, one transaction per charge: reads the balance, writes it and an entry. Charges as many as it is told on
// standard input, so many at once, and says how many milliseconds that took: node naive.ts <mongo url> <database> <at once>
import { createInterface } from 'node:readline';
import { createConnection } from 'mongoose';

const [url = '', database = '', atOnce = ''] = process.argv.slice(2);
const writeConcern = { w: 'majority', journal: true, wtimeoutMS: 10_000 } as const;
const connection = createConnection(url, { dbName: database, writeConcern });
await connection.asPromise();
const wallets = connection.collection<{ _id: string; available: number }>('naive_wallets');
const entries = connection.collection('naive_entries');
await wallets.insertOne({ _id: 'w', available: 1_000_000_000 });
await connection.createCollection('naive_entries');

process.on('SIGTERM', () => process.exit(0));
console.log(JSON.stringify({ ready: true }));

let made = 0;
async function charge(): Promise<void> {
  const holdId = `hold-${(made += 1)}`;
  const session = await connection.startSession();
  try {
    await session.withTransaction(async () => {
      const wallet = await wallets.findOne({ _id: 'w' }, { session });
      if (!wallet || wallet.available < 1) throw new Error('nothing is left');
      await wallets.updateOne({ _id: 'w' }, { $set: { available: wallet.available - 1 } }, { session });
      await entries.insertOne({ holdId, amount: 1, at: new Date() }, { session });
    });
  } finally {
    await session.endSession();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let left = Number(line);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Number(atOnce) }, async () => {
      while ((left -= 1) >= 0) await charge();
    }),
  );
  console.log(JSON.stringify({ ms: performance.now() - began }));
}
