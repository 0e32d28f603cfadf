import { happens } from './fault-injection.ts';
import { notSupported } from './not-supported.ts';
import type { ServiceCall } from './protocol.ts';
import type { Caller, Service, World } from './service.ts';
import { SERVICES } from './services.ts';

/** Kills an execution at its k-th counted service call, before or after the host has done it. */
export interface Cut {
  readonly at: number;
  readonly side: 'before' | 'after';
}

/** A script's wait by `Utilities.sleep`, and how many calls it had made before. */
export interface Sleep {
  readonly afterCalls: number;
  readonly ms: number;
}

/** The execution dies here: nobody answers its call any more. */
export class CutHere extends Error {
  override readonly name = 'CutHere';
}

export interface ChokePointOptions {
  readonly world: World;
  readonly caller: Caller;
  /** Of the manifest. */
  readonly scopes: readonly string[];
  readonly cut?: Cut;
  /** Gets the name of each counted call. */
  readonly calls: string[];
  /** Gets each wait, which is no counted call. */
  readonly sleeps: Sleep[];
}

/** Where every service call of an execution passes: counted, held to the manifest, and met by faults. */
export function createChokePoint({ world, caller, scopes, cut, calls, sleeps }: ChokePointOptions) {
  const { faultInjection } = world;

  async function perform(service: Service, { args }: ServiceCall): Promise<unknown> {
    if (!service.counts) return service.run(world, caller, ...(args as never[]));
    if (happens(faultInjection, faultInjection.failCall))
      throw new Error("We're sorry, a server error occurred. Please wait a bit and try again.");
    return service.run(world, caller, ...(args as never[]));
  }

  /** @throws CutHere - The execution is to die here. Any other error is the script's. */
  return async function serve(call: ServiceCall): Promise<unknown> {
    const service = Object.hasOwn(SERVICES, call.name) ? SERVICES[call.name] : undefined;
    if (!service) throw new Error(notSupported(call.name));
    if (service.scope && !scopes.includes(service.scope))
      throw new Error(`You do not have permission to call ${call.name}. Required permissions: ${service.scope}`);
    if (service.counts) calls.push(call.name);
    if (call.name === 'Utilities.sleep') sleeps.push({ afterCalls: calls.length, ms: Number(call.args[0]) });
    const isCut = service.counts && cut?.at === calls.length;
    if (isCut && cut.side === 'after') await perform(service, call).catch(() => {});
    if (isCut) throw new CutHere();
    return perform(service, call);
  };
}
