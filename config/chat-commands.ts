/** What a channel may be let ask for: what needs neither addresses nor times. */
export const CHAT_COMMANDS = ['status', 'enter', 'exit'] as const;
export type ChatCommand = (typeof CHAT_COMMANDS)[number];
