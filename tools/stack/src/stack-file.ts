import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `.switchboard/stack.json`: where everything is, for people, scripts and tests. */
export interface StackFile {
  readonly ingress: { readonly webhookUrl: string; readonly appSecret: string; readonly verifyToken: string };
  /** Links to files begin with it. */
  readonly egress: { readonly filesUrl: string };
  readonly grpc: Readonly<Record<string, string>>;
  /** Valid for every demo call. */
  readonly grpcToken: string;
  readonly metaSimulator: { readonly url: string; readonly graphUrl: string };
  readonly kafka: { readonly brokers: readonly string[] };
  readonly mongo: { readonly url: string };
  readonly metrics: Readonly<Record<string, string>>;
  readonly pids: Readonly<Record<string, number>>;
  readonly demo: {
    readonly organisationId: string;
    readonly brandId: string;
    readonly departmentId: string;
    readonly wabaId: string;
    readonly phoneNumberId: string;
  };
  /** Where `npm run stack` and `npm run stop` talk to the run. */
  readonly control: { readonly url: string; readonly pid: number };
}

export function writeStackFile(path: string, content: StackFile): void {
  mkdirSync(dirname(path), { recursive: true });
  // Readers see the old one or the new one, never half of one.
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

export function readStackFile(path: string): StackFile | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StackFile) : undefined;
}
