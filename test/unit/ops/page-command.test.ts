import { EXIT, execute } from '../../../ops/command.ts';
import { pageCommand } from '../../../ops/page-command.ts';
import { environmentOf, NOW, type ServiceInput } from '../../builders.ts';
import { committedPages } from '../../committed-pages.ts';
import { fakeTerminal } from './terminal.ts';

async function page(args: string[] = [], service: Partial<ServiceInput> = {}) {
  const pages = await committedPages();
  const terminal = fakeTerminal();
  let files: ReadonlyMap<string, string> = new Map();
  const command = pageCommand({
    readBuiltConfig: async () => ({
      config: { admins: [], environments: { production: environmentOf(service) } },
      pages,
    }),
    writeFiles: async (given) => {
      files = given;
      return '/page/';
    },
    now: () => NOW,
  });
  const code = await execute(command, args, terminal);
  return { code, files, ...terminal.lines };
}

it('writes every language and one without script, in every state, with and without links', async () => {
  const { code, files, out } = await page();
  expect(code).toBe(EXIT.done);
  expect(files.size).toBe(1 + 6 * 4 * 2);
  const shown = [...(files.get('index.html') ?? '').matchAll(/src="(.*?)"/g)].map(([, file]) => file);
  expect(shown.sort()).toEqual([...files.keys()].filter((name) => name !== 'index.html').sort());
  expect(files.get('de-planned-end-overdue-with-example-links.html')).toContain('https://status.example.com/');
  expect(files.get('de-planned-end-overdue-without-links.html')).not.toContain('<a ');
  expect(files.get('no-script-no-planned-end-without-links.html')).not.toContain('<script>');
  expect(out.at(-1)).toBe('Open /page/index.html in a browser.');
});

it('shows the service’s own links where it has some', async () => {
  const { files } = await page(['production', 'shop'], { page: { contact: 'shop@example.com' } });
  expect(files.get('en-no-planned-end-with-its-links.html')).toContain('mailto:shop@example.com');
});

it('tells the bytes of each state, and the hashes that allow style and script', async () => {
  const { out } = await page();
  expect(out.filter((line) => /^ *\d{4} of 4096 bytes: /.test(line))).toHaveLength(8);
  expect(out.filter((line) => /^(style|script)-src 'sha256-[\w+/]{43}='$/.test(line))).toHaveLength(2);
});

it.each([
  [['--open'], "Unknown option '--open'"],
  [['production', 'shop', 'payments'], 'one service too many: payments'],
])('does not guess what %j means', async (args, message) => {
  const { code, notes, files } = await page(args);
  expect([code, files.size]).toEqual([EXIT.usage, 0]);
  expect(notes.join('\n')).toContain(message);
});

it.each([
  [['staging'], 'There is no environment "staging". There are: production.'],
  [['production', 'blog'], 'There is no service "blog". There are: shop.'],
])('names those that there are, for %j', async (args, message) => {
  const { code, notes } = await page(args);
  expect(code).toBe(EXIT.failed);
  expect(notes).toContain(message);
});
