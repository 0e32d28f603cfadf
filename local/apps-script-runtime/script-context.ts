import { types } from 'node:util';
import vm from 'node:vm';
import { notSupported } from './not-supported.ts';

/** What Apps Script offers besides what is emulated here: refused by name, not as something that is not defined. */
const OTHER_SERVICES =
  'Browser CalendarApp CardService Charts ContentService DocumentApp DriveApp FormApp GmailApp GroupsApp HtmlService Jdbc LanguageApp LinearOptimizationService MailApp Maps SitesApp SlidesApp XmlService'.split(
    ' ',
  );

/** Without arguments, a Date is the local clock's now. */
const CLOCKED_DATE = `(now) => {
  const Machine = Date;
  const Clocked = new Proxy(Machine, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Machine(now()).toString(),
  });
  Machine.now = now;
  Machine.prototype.constructor = Clocked;
  globalThis.Date = Clocked;
}`;

export type Members = Record<string, unknown>;
export type ScriptContext = ReturnType<typeof createScriptContext>;

/** A bare context: the globals of V8 and nothing else. Everything that a script gets is made of its own kinds. */
export function createScriptContext(now: () => number, log: (text: string) => void) {
  const context = vm.createContext(Object.create(null));
  vm.runInContext(CLOCKED_DATE, context)(now);
  const own = vm.runInContext('({ Array, Date, Error, Object })', context) as Pick<
    typeof globalThis,
    'Array' | 'Date' | 'Error' | 'Object'
  >;

  const exception = (message: string, name = 'Exception'): Error => Object.assign(new own.Error(message), { name });

  /** A script may swallow the error; its log still tells. */
  function refuse(what: string): never {
    log(notSupported(what));
    throw exception(notSupported(what), 'NotSupported');
  }

  /** A value from outside, as the script's own kind. */
  function adopt(value: unknown): unknown {
    if (Array.isArray(value)) return own.Array.from(value, adopt);
    if (types.isDate(value)) return new own.Date(value.getTime());
    if (typeof value !== 'object' || value === null) return value;
    return own.Object.fromEntries(Object.entries(value).map(([key, one]) => [key, adopt(one)]));
  }

  /** An object that has these members, and refuses every other by name. */
  function sealed(name: string, members: Members): Members {
    return new Proxy(members, {
      get(target, key) {
        // Asked for by JSON.stringify and by whoever tells promises apart, of any object.
        if (typeof key === 'symbol' || key in target || key === 'toJSON' || key === 'then')
          return target[key as string];
        return refuse(`${name}.${key}`);
      },
    });
  }

  for (const name of OTHER_SERVICES)
    Object.defineProperty(context, name, { configurable: true, get: () => refuse(name) });

  return {
    exception,
    refuse,
    adopt,
    sealed,
    /** An array of the script's own kind; what is in it stays as it is. */
    list: (items: readonly unknown[]) => own.Array.from(items),
    define: (globals: Members) => void Object.assign(context, globals),
    run: (code: string) => void vm.runInContext(code, context, { filename: 'Code.js' }),
    /** A top-level function of the script. */
    functionNamed(name: string): ((event?: unknown) => unknown) | undefined {
      const found = Object.hasOwn(context, name) ? context[name] : undefined;
      return typeof found === 'function' ? found : undefined;
    },
  };
}
