import type { EChartsOption } from 'echarts';
import * as echarts from 'echarts';

/** A picture of a result: an SVG that says in words what it shows. */
export interface Chart {
  /** For those who cannot see it: what is compared, and what comes out. */
  readonly description: string;
  readonly width?: number;
  readonly height?: number;
  /** As ECharts takes it; title, colours and fonts are added. */
  readonly option: EChartsOption;
}

export interface Titles {
  /** What is shown; also the accessible title. */
  readonly title: string;
  /** The unit, and how to read it. */
  readonly subtitle?: string;
}

/** Told apart by people who see few colours, in this order (Okabe and Ito). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#5f6670'] as const;

const INK = '#1f2430';
const FAINT = '#5f6670';
const GRID = '#dfe3e8';
const PAPER = '#ffffff';
const FONT = 'Helvetica, Arial, sans-serif';

/** Axes as all charts have them; what a chart says itself goes before. */
export const AXIS = {
  axisLabel: { color: INK, fontSize: 12 },
  nameTextStyle: { color: FAINT, fontSize: 12 },
  splitLine: { lineStyle: { color: GRID } },
  axisLine: { lineStyle: { color: FAINT } },
} as const;

/** Below the titles. */
export const LEGEND = { top: 66, left: 20, textStyle: { fontSize: 12.5 } } as const;

/** On paper of its own, so that it reads the same on light and dark pages. */
export function draw({ description, width = 860, height = 440, option }: Chart, { title, subtitle }: Titles): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: PAPER,
      color: [...COLOURS],
      textStyle: { fontFamily: FONT, color: INK },
      title: {
        text: title,
        subtext: subtitle ?? '',
        left: 20,
        top: 14,
        itemGap: 6,
        textStyle: { color: INK, fontSize: 17, fontWeight: 600 },
        subtextStyle: { color: FAINT, fontSize: 12.5, lineHeight: 17 },
      },
      ...option,
    });
    return named(chart.renderToSVGString(), title, description);
  } finally {
    chart.dispose();
  }
}

function named(svg: string, title: string, description: string): string {
  const names = `<title id="title">${escaped(title)}</title>\n<desc id="desc">${escaped(description)}</desc>`;
  return `${svg.replace(/^<svg ([^>]*)>/, `<svg $1 role="img" aria-labelledby="title desc">\n${names}`)}\n`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
