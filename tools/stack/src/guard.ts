import { spawn } from 'node:child_process';

/**
 * Has a shell script run should this process die without a word, by SIGKILL or as a test runner does at Ctrl-C. The script
 * waits for the end of a pipe whose other end only we hold. What is returned takes the guard away again.
 */
export function guard(script: string, ...args: readonly string[]): () => void {
  const shell = spawn('/bin/sh', ['-c', `read -r _\n${script}`, 'switchboard-guard', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.once('error', () => undefined);
  shell.stdin.once('error', () => undefined);
  // It must not keep us alive: its work begins when we are gone.
  shell.unref();
  (shell.stdin as unknown as { unref: () => void }).unref();
  return () => void shell.kill('SIGKILL');
}
