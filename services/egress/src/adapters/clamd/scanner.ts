import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Failure } from '@switchboard/errors';
import { type Scanner } from '../../use-cases/media/ports.js';

/** Between two signs of life; a scan of a large archive is silent for as long. */
const SILENCE_MS = 60_000;
const ANSWER_BYTES = 4_096;

/**
 * Hands bytes to a clamd over TCP. Source: clamd(8), command INSTREAM: `zINSTREAM\0`, then pieces, each behind its length in
 * four bytes, and four zeros at the end; the answer is `stream: OK`, `stream: <name> FOUND` or an ERROR.
 */
export function createClamd(address: string, { silenceMs = SILENCE_MS } = {}): Scanner {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))];
  return {
    async scan(content) {
      const socket = connect({ host, port });
      socket.setTimeout(silenceMs, () => socket.destroy(new Error('no answer in time')));
      const answer = answerOf(socket);
      // It may answer, or break off, before the end: then nobody waits for room any more.
      const isOver = answer.then(
        () => true,
        () => true,
      );
      try {
        socket.write('zINSTREAM\0');
        for await (const piece of content) {
          if (piece.length > 0 && (await sent(socket, piece, isOver))) break;
        }
        if (socket.writable) socket.write(Buffer.alloc(4));
        return verdictOf(await answer);
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw unavailable(error instanceof Error ? error.message : 'unknown error', error);
      } finally {
        socket.destroy();
      }
    },
  };
}

/** True when the answer is there already. */
async function sent(socket: Socket, piece: Uint8Array, isOver: Promise<boolean>): Promise<boolean> {
  if (!socket.writable) return isOver;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  socket.write(length);
  if (socket.write(piece)) return false;
  return Promise.race([
    once(socket, 'drain').then(
      () => false,
      () => true,
    ),
    isOver,
  ]);
}

function answerOf(socket: Socket): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text = (text + part).slice(0, ANSWER_BYTES);
      if (text.includes('\0')) resolve(text.replace(/\0.*$/s, ''));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (text === '') reject(new Error('it hung up without an answer'));
      else resolve(text);
    });
  });
  answer.catch(() => undefined);
  return answer;
}

function verdictOf(answer: string): string | undefined {
  const said = answer.trim().replace(/^stream: /, '');
  if (said === 'OK') return undefined;
  const [, virus] = /^(.+) FOUND$/.exec(said) ?? [];
  if (virus !== undefined) return virus;
  const hint = said.includes('size limit') ? '; raise its StreamMaxLength to what may be sent' : '';
  throw unavailable(`${said}${hint}`);
}

const unavailable = (reason: string, cause?: unknown): Failure =>
  new Failure('unavailable', 'egress.media-scanner', `the scanner of files does not do it: ${reason}`, {
    cause,
    retryAfterMs: 5_000,
  });
