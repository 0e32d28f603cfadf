/** Slack's mark-up as parts of a text: `*bold*`, `` `code` ``, channels, emoji by name. Pure. */

export interface Part {
  readonly as: 'text' | 'bold' | 'code';
  readonly text: string;
}

const EMOJI: Readonly<Record<string, string>> = {
  ':white_check_mark:': '✓',
  ':hourglass_flowing_sand:': '⏳',
  ':no_entry:': '✗',
  ':leftwards_arrow_with_hook:': '↩',
  ':warning:': '⚠',
};

const plain = (text: string): string =>
  text
    .replace(/:[a-z_]+:/g, (name) => EMOJI[name] ?? name)
    .replace(/<#(\w+)>/g, '#$1')
    .replace(/<@(\w+)>/g, '@$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

export function partsOf(mrkdwn: string): Part[] {
  const pieces = mrkdwn.split(/(\*[^*\n]+\*|`[^`\n]+`)/).filter((piece) => piece !== '');
  return pieces.map((piece) => {
    const inner = piece.slice(1, -1);
    if (/^\*.+\*$/.test(piece)) return { as: 'bold', text: plain(inner) };
    if (/^`.+`$/.test(piece)) return { as: 'code', text: plain(inner) };
    return { as: 'text', text: plain(piece) };
  });
}
