import { randomUUID } from 'node:crypto';
import { WafFault } from './errors.ts';
import type { IPSetContent, RuleGroupContent, Scope } from './model.ts';
import type { Propagating } from './propagation.ts';

/** One account's things in one region. */
export interface Corner {
  readonly account: string;
  readonly region: string;
  readonly scope: Scope;
}

export interface Resource<T> {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly corner: Corner;
  lockToken: string;
  readonly content: Propagating<T>;
}

export interface RuleGroupResource extends Resource<RuleGroupContent> {
  readonly capacity: number;
}

export interface IPSetResource extends Resource<IPSetContent> {
  readonly version: 'IPV4' | 'IPV6';
}

const sameCorner = (a: Corner, b: Corner): boolean =>
  a.account === b.account && a.region === b.region && a.scope === b.scope;

/** All resources of one kind, found by corner and name. */
export class Shelf<R extends Resource<unknown>> {
  readonly #kind: 'rulegroup' | 'ipset';
  #all: R[] = [];

  constructor(kind: 'rulegroup' | 'ipset') {
    this.#kind = kind;
  }

  identity(corner: Corner, name: string) {
    const id = randomUUID();
    const where = corner.scope === 'CLOUDFRONT' ? 'global' : 'regional';
    const arn = `arn:aws:wafv2:${corner.region}:${corner.account}:${where}/${this.#kind}/${name}/${id}`;
    return { id, arn, name, corner, lockToken: randomUUID() };
  }

  add(resource: R): void {
    if (this.byName(resource.corner, resource.name)) {
      throw new WafFault(
        'WAFDuplicateItemException',
        'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
      );
    }
    this.#all.push(resource);
  }

  list(corner: Corner): R[] {
    return this.#all.filter((one) => sameCorner(one.corner, corner)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  byName(corner: Corner, name: string): R | undefined {
    return this.#all.find((one) => sameCorner(one.corner, corner) && one.name === name);
  }

  byArn(arn: string): R | undefined {
    return this.#all.find((one) => one.arn === arn);
  }

  /** @throws WafFault WAFNonexistentItemException */
  get(corner: Corner, { Name, Id, ARN }: { Name?: string; Id?: string; ARN?: string }): R {
    const found = ARN ? this.byArn(ARN) : this.byName(corner, Name ?? '');
    if (!found || (!ARN && found.id !== Id)) {
      throw new WafFault(
        'WAFNonexistentItemException',
        'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
      );
    }
    return found;
  }

  /** Checks the lock token and hands out the next one. @throws WafFault WAFOptimisticLockException */
  lock(resource: R, token: string | undefined): string {
    if (token !== resource.lockToken) {
      throw new WafFault(
        'WAFOptimisticLockException',
        'AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. Reapply your changes.',
      );
    }
    resource.lockToken = randomUUID();
    return resource.lockToken;
  }

  remove(resource: R): void {
    this.#all = this.#all.filter((one) => one !== resource);
  }
}
