/** The result as a picture: for each group a bar for each figure's speed, the reference's being 1, in SVG. */
import { BarChart, type BarSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  TitleComponent,
  type TitleComponentOption,
} from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Group } from './case.ts';
import type { Report, Row } from './report.ts';

type Options = ComposeOption<
  BarSeriesOption | GridComponentOption | LegendComponentOption | TitleComponentOption
>;

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 900;
const LEFT = 150;
const BAR = 13;
/** Above a group's bars its title, below them its axis. */
const [HEAD, FOOT, TOP] = [40, 40, 40];

interface Panel {
  readonly group: Group;
  readonly rows: readonly Row[];
  readonly top: number;
  readonly height: number;
}

/**
 * Draws the speeds of all emulators but the reference, on logarithmic axes that begin at the reference's.
 * @returns the SVG; undefined if there is nothing to compare
 */
export function drawChart(report: Report): string | undefined {
  const { reference, emulators } = report;
  const compared = emulators.filter((emulator) => emulator !== reference);
  const rows = report.rows.filter(({ figures }) => figures.some(({ ratio }) => ratio !== undefined));
  if (!emulators.includes(reference) || compared.length === 0 || rows.length === 0) return undefined;
  const panels = layOut(rows, compared.length);
  const height = Math.max(...panels.map((panel) => panel.top + panel.height)) + FOOT;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption(optionsOf(panels, compared, reference));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function layOut(rows: readonly Row[], bars: number): Panel[] {
  let top = TOP + HEAD;
  return [...Map.groupBy(rows, ({ group }) => group)].map(([group, mine]) => {
    const height = mine.length * (BAR * bars + 5);
    const panel = { group, rows: mine, top, height };
    top += height + HEAD + FOOT;
    return panel;
  });
}

function optionsOf(panels: readonly Panel[], compared: readonly string[], reference: string): Options {
  const [min, max] = extent(panels.flatMap(({ rows }) => rows));
  return {
    animation: false,
    legend: { top: 8, right: 20 },
    title: [
      { text: `speed, ${reference} = 1`, left: 10, top: 8, textStyle: { fontSize: 15 } },
      ...panels.map(({ group, top }) => ({
        text: group,
        left: 10,
        top: top - HEAD + 12,
        textStyle: { fontSize: 13 },
      })),
    ],
    grid: panels.map(({ top, height }) => ({ top, height, left: LEFT, right: 60 })),
    xAxis: panels.map((_, gridIndex) => ({
      type: 'log',
      logBase: 2,
      startValue: 1,
      min,
      max,
      gridIndex,
      axisLabel: { formatter: tick },
    })),
    yAxis: panels.map(({ rows }, gridIndex) => ({
      type: 'category',
      gridIndex,
      inverse: true,
      data: rows.map(({ name }) => name),
      axisLabel: { interval: 0 },
      axisLine: { onZero: false },
      axisTick: { show: false },
    })),
    series: panels.flatMap(({ rows }, index) => compared.map((emulator) => seriesOf(rows, emulator, index))),
  };
}

/** Powers of two around all ratios and 1, with room for a label on either side. The same for all groups. */
function extent(rows: readonly Row[]): [min: number, max: number] {
  const ratios = rows.flatMap(({ figures }) =>
    figures.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio])),
  );
  const logarithms = [0, ...ratios.map(Math.log2)];
  return [2 ** (Math.floor(Math.min(...logarithms)) - 1), 2 ** (Math.ceil(Math.max(...logarithms)) + 1)];
}

function seriesOf(rows: readonly Row[], emulator: string, index: number): BarSeriesOption {
  const ratios = rows.map(({ figures }) => figures.find((figure) => figure.emulator === emulator)?.ratio);
  return {
    type: 'bar',
    name: emulator,
    xAxisIndex: index,
    yAxisIndex: index,
    barWidth: BAR,
    data: ratios.map((ratio) => ({
      value: ratio ?? '-',
      label: {
        show: ratio !== undefined,
        position: ratio !== undefined && ratio < 1 ? 'left' : 'right',
        formatter: label(ratio ?? 0),
      },
    })),
  };
}

const tick = (value: number): string => (value >= 1 ? String(value) : `1/${Math.round(1 / value)}`);

/** Two digits, or what is needed below a hundredth. */
const label = (value: number): string =>
  value >= 0.01 ? String(Number(value.toFixed(2))) : value.toPrecision(1);
