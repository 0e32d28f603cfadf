import { arrowsOf, circlesOf, readSources, upwardImports } from './import-graph.ts';

/** `npm run structure`: how large the two trees are, and whether their imports run one way. */

for (const folder of ['apps-script/src', 'lambda/src']) {
  const files = readSources(process.cwd(), folder);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const inside = files.flatMap(({ imports }) => imports.filter((one) => one.startsWith(`${folder}/`)));
  const longest = [...files].sort((a, b) => b.lines - a.lines)[0];
  const median = files.map((file) => file.lines).sort((a, b) => a - b)[Math.floor(files.length / 2)];
  const circles = circlesOf(files);
  console.log(
    [
      `${folder}`,
      `  files    ${files.length} (half of them under ${median} lines, the longest ${longest?.path} ${longest?.lines})`,
      `  lines    ${lines}`,
      `  imports  ${inside.length} between files, ${arrowsOf(folder, files).size} arrows between folders`,
      ...(folder === 'lambda/src' ? [`  upward   ${upwardImports(files).length}`] : []),
      `  circles  ${circles.length}${circles.map((circle) => `\n    ${circle.join(' → ')}`).join('')}`,
    ].join('\n'),
  );
}
