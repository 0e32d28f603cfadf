import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { facades } from './facades.ts';
import type { ServiceAnswer, ServiceCall, ThreadData, ThreadMessage } from './protocol.ts';
import { createScriptContext } from './script-context.ts';

/** One execution after the other: each runs the built script in a bare context of its own, and waits for the host's answers. */

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const sayLine = (text: string) => say({ kind: 'log', text });

/** Errors by their text, other objects as JSON. */
function inWords(part: unknown): string {
  if (typeof part !== 'object' || part === null) return String(part);
  const { message } = part as { message?: unknown };
  return typeof message === 'string' ? message : (JSON.stringify(part) ?? '');
}

const log = (...parts: unknown[]) => sayLine(parts.map(inWords).join(' '));

function run({ code, functionName, event, port, signal, shift }: ThreadData): void {
  const flag = new Int32Array(signal);
  const clockShift = new Float64Array(shift);
  const now = () => Date.now() + (clockShift[0] as number);
  const scriptContext = createScriptContext(now, sayLine);

  function call(name: string, ...args: unknown[]): unknown {
    const message: ServiceCall = { name, args };
    Atomics.store(flag, 0, 0);
    port.postMessage(message);
    // The wake-up of the answer before may come late; it is no answer to this call.
    while (Atomics.load(flag, 0) === 0) Atomics.wait(flag, 0, 0);
    const answer = receiveMessageOnPort(port)?.message as ServiceAnswer;
    if ('error' in answer) throw scriptContext.exception(answer.error);
    return scriptContext.adopt(answer.value);
  }

  const { globals, toEvent } = facades({ call, scriptContext }, log, now);
  scriptContext.define(globals);
  scriptContext.run(code);
  const called = scriptContext.functionNamed(functionName);
  if (!called) throw new Error(`Script function not found: ${functionName}`);
  called(...(event ? [toEvent(event)] : []));
}

parentPort?.on('message', (data: ThreadData) => {
  try {
    run(data);
    say({ kind: 'end' });
  } catch (error) {
    say({ kind: 'end', error: inWords(error) });
  }
  data.port.close();
  // Whatever the script left to run later has had its turn by then.
  setImmediate(() => say({ kind: 'idle' }));
});
