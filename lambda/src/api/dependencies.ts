import type { RundownDependencies } from '../rundown/dependencies.ts';
import type { TokenCheck } from './access-token.ts';
import type { HttpEvent, HttpResult } from './http.ts';

/** What the answers to requests are made with. */
export interface ApiDependencies extends RundownDependencies {
  readonly checkToken: TokenCheck;
  /** What anybody may ask; left out where nobody may. */
  readonly publicStatus?: () => Promise<HttpResult>;
}

/** Answers for its routes; a problem is thrown. */
export type TokenRoutes<Key extends string> = Readonly<
  Record<Key, (deps: ApiDependencies, event: HttpEvent) => Promise<HttpResult>>
>;

/** @param caller - The IAM identity that signed: of somebody whom the config lets in. */
export type IamRoutes<Key extends string> = Readonly<
  Record<Key, (deps: ApiDependencies, event: HttpEvent, caller: string) => Promise<HttpResult>>
>;
