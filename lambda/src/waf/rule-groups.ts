import {
  GetIPSetCommand,
  GetRuleGroupCommand,
  ListIPSetsCommand,
  ListRuleGroupsCommand,
  type RuleGroup,
  UpdateIPSetCommand,
  UpdateRuleGroupCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import type { Clock } from '../model/ports.ts';
import { timeouts } from '../model/sdk-timeouts.ts';
import { wafError } from './errors.ts';
import { createFindByName, type Listing, type RememberedIds } from './find-by-name.ts';
import { createPacing } from './pacing.ts';
import type { Place } from './place.ts';
import { ipSetName, type RuleGroupContent, ruleGroupName } from './rules/rules.ts';

/** As it was read, with the lock token of that read. */
export interface Snapshot<T> {
  readonly id: string;
  readonly arn: string;
  readonly lockToken: string;
  readonly value: T;
}

export type AddressVersion = 4 | 6;

export type WriteOperation = 'UpdateRuleGroup' | 'UpdateIPSet';

/**
 * The rule groups and IP sets of the services: the only file that calls WAF, at the pace that it grants. A write takes the
 * lock token of the read that it follows. `until`, in milliseconds since the epoch, is how long a call may wait for its
 * turn and, while WAF throttles it, be repeated.
 * @throws RuleGroupError - With a code, and whether trying again can help. Nothing was written.
 */
export interface RuleGroupStore {
  read(place: Place, until?: number): Promise<Snapshot<RuleGroup>>;
  write(place: Place, from: Snapshot<RuleGroup>, content: RuleGroupContent, until?: number): Promise<void>;
  readSet(place: Place, version: AddressVersion, until?: number): Promise<Snapshot<readonly string[]>>;
  writeSet(
    place: Place,
    version: AddressVersion,
    from: Snapshot<unknown>,
    addresses: readonly string[],
    until?: number,
  ): Promise<void>;
  /** Reads and writes when it is the write's turn, so that no lock token waits in a queue. */
  inTurn<T>(place: Place, operation: WriteOperation, until: number, work: () => Promise<T>): Promise<T>;
}

export interface RuleGroupOptions {
  readonly ids?: RememberedIds;
  /** 0 to 1; for jitter. */
  random?(): number;
}

const PAGE = 100;
/** Who says nothing else waits so long. */
const USUAL_WAIT_MS = 10_000;
/** All who wait for a list share it. */
const LIST_MS = 20_000;

export function createRuleGroupStore(
  clock: Clock,
  clientFor: (region: string) => WAFV2Client = newClient,
  { ids, random }: RuleGroupOptions = {},
): RuleGroupStore {
  const clients = new Map<string, WAFV2Client>();
  const findByName = createFindByName(ids);
  const pacing = createPacing(clock, random);
  const usual = () => clock.now() + USUAL_WAIT_MS;

  function client({ region }: Place): WAFV2Client {
    const known = clients.get(region) ?? clientFor(region);
    clients.set(region, known);
    return known;
  }

  /** What goes wrong with a write comes in our words. */
  const write = (place: Place, name: string, operation: WriteOperation, until: number, send: () => Promise<unknown>) =>
    pacing.call(place, operation, until, send).then(
      () => undefined,
      (error) => {
        throw wafError(error, place, name);
      },
    );

  const groups = (place: Place): Listing => ({
    kind: 'groups',
    async page(NextMarker) {
      const command = new ListRuleGroupsCommand({ Scope: place.scope, Limit: PAGE, NextMarker });
      const { RuleGroups = [], NextMarker: next } = await pacing.call(
        ...([place, 'ListRuleGroups', clock.now() + LIST_MS] as const),
        () => client(place).send(command),
      );
      return { items: RuleGroups, next };
    },
  });
  const sets = (place: Place): Listing => ({
    kind: 'sets',
    async page(NextMarker) {
      const command = new ListIPSetsCommand({ Scope: place.scope, Limit: PAGE, NextMarker });
      const { IPSets = [], NextMarker: next } = await pacing.call(
        ...([place, 'ListIPSets', clock.now() + LIST_MS] as const),
        () => client(place).send(command),
      );
      return { items: IPSets, next };
    },
  });

  return {
    read(place, until = usual()) {
      const Name = ruleGroupName(place);
      return findByName(place, Name, groups(place), async ({ Id, ARN }) => {
        const command = new GetRuleGroupCommand({ Name, Scope: place.scope, Id });
        const answer = await pacing.call(place, 'GetRuleGroup', until, () => client(place).send(command));
        return { id: Id, arn: ARN, lockToken: answer.LockToken as string, value: answer.RuleGroup as RuleGroup };
      });
    },

    write(place, { id: Id, lockToken: LockToken }, content, until = usual()) {
      const Name = ruleGroupName(place);
      const command = new UpdateRuleGroupCommand({ Name, Scope: place.scope, Id, LockToken, ...content });
      return write(place, Name, 'UpdateRuleGroup', until, () => client(place).send(command));
    },

    readSet(place, version, until = usual()) {
      const Name = setName(place, version);
      return findByName(place, Name, sets(place), async ({ Id, ARN }) => {
        const command = new GetIPSetCommand({ Name, Scope: place.scope, Id });
        const { LockToken, IPSet } = await pacing.call(place, 'GetIPSet', until, () => client(place).send(command));
        return { id: Id, arn: ARN, lockToken: LockToken as string, value: IPSet?.Addresses ?? [] };
      });
    },

    writeSet(place, version, { id: Id, lockToken: LockToken }, addresses, until = usual()) {
      const Name = setName(place, version);
      const Addresses = [...addresses];
      const command = new UpdateIPSetCommand({ Name, Scope: place.scope, Id, LockToken, Addresses });
      return write(place, Name, 'UpdateIPSet', until, () => client(place).send(command));
    },

    inTurn: pacing.inTurn,
  };
}

const setName = (place: Place, version: AddressVersion): string => ipSetName(ruleGroupName(place), `IPV${version}`);

/** One attempt a call: what was throttled is repeated at our pace, and anything else only after everything is read anew. */
const newClient = (region: string): WAFV2Client =>
  new WAFV2Client({ region, maxAttempts: 1, requestHandler: timeouts(4_000) });
