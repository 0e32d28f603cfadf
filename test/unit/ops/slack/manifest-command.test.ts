import { EXIT, execute } from '../../../../ops/command.ts';
import { slackManifestCommand } from '../../../../ops/slack/manifest-command.ts';
import { fakeAccount } from '../aws.ts';
import { fakeTerminal } from '../terminal.ts';

it('prints an app with the deployed request URL, the command, and no more scopes than the calls need', async () => {
  const terminal = fakeTerminal();
  const code = await execute(slackManifestCommand(fakeAccount()), ['production'], terminal);
  expect(code).toBe(EXIT.done);
  const manifest = JSON.parse(terminal.lines.out.join('\n'));
  expect(manifest.features.slash_commands).toMatchObject([
    { command: '/drawbridge', url: 'https://api.example.com/slack' },
  ]);
  expect(manifest.settings.interactivity).toEqual({ is_enabled: true, request_url: 'https://api.example.com/slack' });
  expect(manifest.oauth_config.scopes.bot).toEqual(['chat:write', 'commands', 'users:read', 'users:read.email']);
  expect(terminal.lines.notes.join()).toContain('docs/slack.md');
});

it('asks which environment', async () => {
  const terminal = fakeTerminal();
  expect(await execute(slackManifestCommand(fakeAccount()), [], terminal)).toBe(EXIT.usage);
});
