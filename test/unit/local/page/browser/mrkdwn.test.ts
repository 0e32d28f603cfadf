import { partsOf } from '../../../../../local/page/browser/mrkdwn.ts';

it('shows Slack’s mark-up as Slack does, and what looks like HTML as text', () => {
  expect(partsOf('*Shop &amp; more* is closed (`r1`) &lt;b&gt; <#C0123> :white_check_mark: :unknown:')).toEqual([
    { as: 'bold', text: 'Shop & more' },
    { as: 'text', text: ' is closed (' },
    { as: 'code', text: 'r1' },
    { as: 'text', text: ') <b> #C0123 ✓ :unknown:' },
  ]);
});
