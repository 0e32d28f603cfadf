import vm from 'node:vm';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { facades } from './facades.ts';
import type { ServiceAnswer, ServiceCall, ThreadData, ThreadMessage } from './protocol.ts';

/** One execution: the built script in a bare context, where every service call waits for the host's answer. */

const { code, functionName, event, port, signal, shift } = workerData as ThreadData;
const flag = new Int32Array(signal);
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

const context = vm.createContext(Object.create(null));
const clockShift = new Float64Array(shift);
const realm = vm.runInContext('({ Date, Error })', context) as { Date: DateConstructor; Error: ErrorConstructor };
const machineNow = Date.now;
realm.Date.now = () => machineNow() + (clockShift[0] as number);

function call(name: string, ...args: unknown[]): unknown {
  const message: ServiceCall = { name, args };
  Atomics.store(flag, 0, 0);
  port.postMessage(message);
  Atomics.wait(flag, 0, 0);
  const answer = receiveMessageOnPort(port)?.message as ServiceAnswer;
  if ('error' in answer) throw new realm.Error(answer.error);
  return answer.value;
}

const log = (...parts: unknown[]) => say({ kind: 'log', text: parts.map(String).join(' ') });

try {
  const { globals, toEvent } = facades(call, realm, log);
  Object.assign(context, globals);
  vm.runInContext(code, context, { filename: 'Code.js' });
  const run = vm.runInContext(`typeof ${functionName} === 'function' ? ${functionName} : undefined`, context);
  if (!run) throw new Error(`Script function not found: ${functionName}`);
  run(event && toEvent(event));
  say({ kind: 'end' });
} catch (error) {
  say({ kind: 'end', error: String((error as Error).message ?? error) });
}
port.close();
