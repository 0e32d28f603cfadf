import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** One warm instance of a built handler, in a process of its own. One event at a time. */
export interface Instance {
  invoke(event: object): Promise<unknown>;
  stop(): Promise<void>;
}

const PROCESS = new URL('./instance-process.mjs', import.meta.url);

/** @param env - All of its environment. */
export async function startInstance(bundle: URL, env: Readonly<Record<string, string>>): Promise<Instance> {
  const child = fork(PROCESS, [bundle.href], { env: { ...env }, execArgv: [], silent: true });
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const next = async (): Promise<Reply> => {
    const ended = once(child, 'exit').then(() => ({ error: `the instance has ended. ${said}` }));
    const [reply] = (await Promise.race([once(child, 'message'), ended.then((error) => [error])])) as [Reply];
    if (reply.error) throw new Error(reply.error);
    return reply;
  };
  await next();
  return {
    async invoke(event) {
      child.send(event);
      return (await next()).result;
    },
    stop: () => stop(child),
  };
}

interface Reply {
  readonly result?: unknown;
  readonly error?: string;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
