import { scriptApp } from './facades/script-app.ts';
import { session, user } from './facades/session.ts';
import { spreadsheetApp } from './facades/spreadsheet-app.ts';
import { storage } from './facades/storage.ts';
import type { Thread } from './facades/thread.ts';
import { urlFetchApp } from './facades/url-fetch-app.ts';
import { utilities } from './facades/utilities.ts';
import type { EventFacts } from './protocol.ts';
import type { Members } from './script-context.ts';

/** The globals of Apps Script, as thin objects around calls to the host, and the event objects of its triggers. */
export function facades(thread: Thread, log: (...parts: unknown[]) => void, now: () => number) {
  const { sealed, adopt } = thread.scriptContext;
  const { app, spreadsheetOf, rangeOf } = spreadsheetApp(thread);

  const globals: Members = {
    SpreadsheetApp: app,
    ...storage(thread),
    UrlFetchApp: urlFetchApp(thread),
    Utilities: utilities(thread),
    ScriptApp: scriptApp(thread),
    Session: session(thread),
    Logger: sealed('Logger', { log }),
    console: sealed('console', { log, info: log, warn: log, error: log }),
  };

  /** Absent is not the same as undefined: `'value' in e` must be false after a paste. */
  const given = (members: Members) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

  function toEvent(facts: EventFacts): Members {
    const { triggerUid } = facts;
    const event = adopt({ authMode: 'FULL', triggerUid }) as Members;
    if (facts.kind === 'clock') return Object.assign(event, clockFields(now()));
    const { place, value, oldValue } = facts;
    return Object.assign(event, given({ value, oldValue }), {
      source: spreadsheetOf(place.spreadsheetId),
      range: rangeOf(place),
      user: user(thread.scriptContext, () => facts.user),
    });
  }

  return { globals, toEvent };
}

/** What a time-driven event carries of its time, in UTC. */
function clockFields(at: number): Members {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    'day-of-month': date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    timezone: 'UTC',
  };
}
