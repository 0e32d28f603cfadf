import { CHAT_COMMANDS, type ChatCommand } from './chat-commands.ts';
import type { EnvironmentConfig, ServiceConfig } from './schema.ts';

/** What the config lets through. Apart from its schema, which no Lambda needs. */

/** What the channel may ask for. In production, opening a service takes somebody who is known, unless the config says otherwise. */
export const chatCommands = ({
  production,
  chat,
}: Pick<EnvironmentConfig, 'production' | 'chat'>): readonly ChatCommand[] =>
  chat?.allow ?? (production ? ['status', 'enter'] : CHAT_COMMANDS);

/** Whether a path, without a query, stays open during maintenance. */
export const isExempt = ({ exemptPaths }: Pick<ServiceConfig, 'exemptPaths'>, asked: string): boolean =>
  exemptPaths.some((exempt) => (typeof exempt === 'string' ? exempt === asked : asked.startsWith(exempt.prefix)));
