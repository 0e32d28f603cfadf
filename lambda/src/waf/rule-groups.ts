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
import { createFindByName, type Listing } from './find-by-name.ts';
import { createWriteTurns } from './pacing.ts';
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

/**
 * The rule groups and IP sets of the services: the only file that calls WAF. A write takes the lock token of the read that
 * it follows, and never repeats itself.
 * @throws RuleGroupError - With a code, and whether trying again can help. Nothing was written.
 */
export interface RuleGroupStore {
  read(place: Place): Promise<Snapshot<RuleGroup>>;
  write(place: Place, from: Snapshot<RuleGroup>, content: RuleGroupContent): Promise<void>;
  readSet(place: Place, version: AddressVersion): Promise<Snapshot<readonly string[]>>;
  writeSet(place: Place, version: AddressVersion, from: Snapshot<unknown>, addresses: readonly string[]): Promise<void>;
}

const PAGE = 100;

export function createRuleGroupStore(
  clock: Clock,
  clientFor: (region: string) => WAFV2Client = newClient,
): RuleGroupStore {
  const clients = new Map<string, WAFV2Client>();
  const findByName = createFindByName();
  const writeTurn = createWriteTurns(clock);

  function client({ region }: Place): WAFV2Client {
    const known = clients.get(region) ?? clientFor(region);
    clients.set(region, known);
    return known;
  }

  /** One write, when it is its turn; what goes wrong comes in our words. */
  async function inTurn(place: Place, name: string, operation: string, write: () => Promise<unknown>): Promise<void> {
    await writeTurn(place, operation);
    await write().catch((error) => {
      throw wafError(error, place, name);
    });
  }

  const groups = (place: Place): Listing => ({
    kind: 'groups',
    async page(NextMarker) {
      const { RuleGroups = [], NextMarker: next } = await client(place).send(
        new ListRuleGroupsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }),
      );
      return { items: RuleGroups, next };
    },
  });
  const sets = (place: Place): Listing => ({
    kind: 'sets',
    async page(NextMarker) {
      const { IPSets = [], NextMarker: next } = await client(place).send(
        new ListIPSetsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }),
      );
      return { items: IPSets, next };
    },
  });

  return {
    read(place) {
      const Name = ruleGroupName(place);
      return findByName(place, Name, groups(place), async ({ Id, ARN }) => {
        const answer = await client(place).send(new GetRuleGroupCommand({ Name, Scope: place.scope, Id }));
        return { id: Id, arn: ARN, lockToken: answer.LockToken as string, value: answer.RuleGroup as RuleGroup };
      });
    },

    async write(place, { id: Id, lockToken: LockToken }, content) {
      const Name = ruleGroupName(place);
      const command = new UpdateRuleGroupCommand({ Name, Scope: place.scope, Id, LockToken, ...content });
      await inTurn(place, Name, 'UpdateRuleGroup', () => client(place).send(command));
    },

    readSet(place, version) {
      const Name = setName(place, version);
      return findByName(place, Name, sets(place), async ({ Id, ARN }) => {
        const { LockToken, IPSet } = await client(place).send(new GetIPSetCommand({ Name, Scope: place.scope, Id }));
        return { id: Id, arn: ARN, lockToken: LockToken as string, value: IPSet?.Addresses ?? [] };
      });
    },

    async writeSet(place, version, { id: Id, lockToken: LockToken }, addresses) {
      const Name = setName(place, version);
      const Addresses = [...addresses];
      const command = new UpdateIPSetCommand({ Name, Scope: place.scope, Id, LockToken, Addresses });
      await inTurn(place, Name, 'UpdateIPSet', () => client(place).send(command));
    },
  };
}

const setName = (place: Place, version: AddressVersion): string => ipSetName(ruleGroupName(place), `IPV${version}`);

/** One attempt a call: whoever calls reads everything anew before it tries again. */
const newClient = (region: string): WAFV2Client =>
  new WAFV2Client({ region, maxAttempts: 1, requestHandler: timeouts(4_000) });
