import { jest } from '@jest/globals';
import SlowestFiles from '../../run/slowest-files.js';

const result = (path: string, ms: number) => ({
  testFilePath: `/there/${path}`,
  perfStats: { start: 1_000, end: 1_000 + ms },
});

function printed(results: ReturnType<typeof result>[]): string {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    new SlowestFiles({ rootDir: '/there' }).onRunComplete(new Set(), { testResults: results });
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

it('prints the ten slowest files at the end, the slowest first, and how long each took', () => {
  const lines = printed(Array.from({ length: 30 }, (_none, at) => result(`test/${at}.test.ts`, at * 1_250)))
    .trim()
    .split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[1]?.trim()).toBe('36.3 s  test/29.test.ts');
  expect(lines[10]?.trim()).toBe('25.0 s  test/20.test.ts');
});

it('prints nothing after a run of a few files', () => {
  expect(printed([result('test/one.test.ts', 90_000)])).toBe('');
});
