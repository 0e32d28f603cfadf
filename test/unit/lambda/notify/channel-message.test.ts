import { channelMessage } from '../../../../lambda/src/notify/channel-message.ts';
import { createNotify } from '../../../../lambda/src/notify/sns.ts';

/** What Amazon Q Developer shows; and that e-mail stays what it was. */

const notice = { subject: 'Enter maintenance: Shop', message: 'Shop is closed.', thread: 'production-1' };

async function published(forChannel: boolean): Promise<Record<string, string>> {
  const sent: { input: Record<string, string> }[] = [];
  const client = { send: async (command: (typeof sent)[number]) => void sent.push(command) };
  await createNotify('arn:aws:sns:eu-west-1:111122223333:x', client as never, { forChannel })(notice);
  return sent[0]!.input;
}

it('is in the schema of custom notifications, in one thread for each operation', () => {
  expect(channelMessage(notice)).toEqual({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title: 'Enter maintenance: Shop', description: 'Shop is closed.' },
    metadata: { threadId: 'production-1' },
  });
});

it('mentions nobody, whatever somebody typed, and is as long as a channel shows', () => {
  const { content } = channelMessage({ subject: '<!channel>', message: `<!here> & ${'x'.repeat(9_000)}` });
  expect(content.title).toBe('&lt;!channel&gt;');
  expect(content.description).toMatch(/^&lt;!here&gt; &amp; x+…$/);
  expect(content.description).toHaveLength(3_000);
  const longest = 'x'.repeat(3_000);
  expect(channelMessage({ subject: '', message: longest }).content.description).toBe(longest);
});

it('is in no thread where it belongs to none', () => {
  expect(channelMessage({ subject: '', message: '' })).not.toHaveProperty('metadata');
});

it('reaches a channel in its schema and everybody else as text, by one message', async () => {
  const { Message, MessageStructure, Subject } = await published(true);
  const parts = JSON.parse(Message!);
  expect([MessageStructure, Subject, parts.default]).toEqual(['json', notice.subject, notice.message]);
  expect(JSON.parse(parts.https)).toEqual(channelMessage(notice));
});

it('is plain text where no channel hears it', async () => {
  expect(await published(false)).toEqual({
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:x',
    Subject: notice.subject,
    Message: notice.message,
  });
});
