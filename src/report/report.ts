import { join } from 'node:path'
import { type StudyArchive, studyLabel } from '../study/record.ts'
import { bestChapter } from './chapters/best.ts'
import type { Chapter } from './chapters/chapter.ts'
import { convergenceChapter } from './chapters/convergence.ts'
import { criticalBatchSizeChapter } from './chapters/critical-batch-size.ts'
import { curvesChapter } from './chapters/curves.ts'
import { edgesChapter } from './chapters/edges.ts'
import { historyChapter } from './chapters/history.ts'
import { importanceChapter } from './chapters/importance.ts'
import { interactionsChapter } from './chapters/interactions.ts'
import { isolationChapter } from './chapters/isolation.ts'
import { luckChapter } from './chapters/luck.ts'
import { parallelChapter } from './chapters/parallel.ts'
import { parametersChapter } from './chapters/parameters.ts'
import { reproduceChapter } from './chapters/reproduce.ts'
import { searchChapter } from './chapters/search.ts'
import { opening } from './chapters/summary.ts'
import { topChapter } from './chapters/top.ts'
import { tradeOffsChapter } from './chapters/trade-offs.ts'
import { withoutValueChapter } from './chapters/without-value.ts'
import { toCsv } from './csv.ts'
import { figureFiles } from './figures/figure.ts'
import { checkReportFolder, MARK, PAGE, README, removeStale, writeFiles } from './folder.ts'
import { type ReportInput, readInput } from './input.ts'
import { render } from './render.ts'
import { specText, wholeSpec } from './spec.ts'
import { LIGHT } from './theme.ts'

export { checkReportFolder }

const CHAPTERS: readonly ((input: ReportInput) => Chapter | undefined)[] = [
  criticalBatchSizeChapter,
  bestChapter,
  tradeOffsChapter,
  historyChapter,
  curvesChapter,
  convergenceChapter,
  parametersChapter,
  importanceChapter,
  interactionsChapter,
  isolationChapter,
  edgesChapter,
  parallelChapter,
  searchChapter,
  luckChapter,
  withoutValueChapter,
  topChapter,
  reproduceChapter,
]

/** Where a report was written. */
export interface WrittenReport {
  /** The path of its README. */
  readonly readme: string
  /** The paths of all its files, the README last. */
  readonly files: string[]
}

/**
 * Writes the report of a study: `README.md`, `figures/*.svg`, their Vega-Lite specifications `figures/*.vl.json` and
 * `data/*.csv` in `folder`, which is created where it does not exist. Replaces an earlier report. The same data give the same bytes.
 * @throws DynotuneError `report.unwritable`
 */
export async function writeReport(archive: StudyArchive, folder: string): Promise<WrittenReport> {
  // First, so that nothing is drawn in vain.
  const earlier = checkReportFolder(folder)
  const { markdown, files } = await draftOf(archive)
  // Last, so that a reader never finds links to files that are still to come.
  files.set(README, markdown)
  await writeFiles(folder, files)
  if (earlier !== undefined) await removeStale(folder, earlier, new Set(files.keys()))
  return { readme: join(folder, README), files: [...files.keys()].map((name) => join(folder, name)) }
}

/**
 * Writes the same report as one page for browsers, `report.html`, which holds all that it links to. Replaces an earlier page;
 * other files of the folder are left as they are. Returns its path.
 * @throws DynotuneError `report.unwritable`
 */
export async function writePage(archive: StudyArchive, folder: string): Promise<string> {
  checkReportFolder(folder, PAGE)
  const { pageOf } = await import('./page/page.ts')
  await writeFiles(folder, new Map([[PAGE, await pageOf(await draftOf(archive))]]))
  return join(folder, PAGE)
}

async function draftOf(archive: StudyArchive) {
  const input = readInput(archive)
  const chapters = CHAPTERS.flatMap((write) => write(input) ?? [])
  return {
    title: studyLabel(input.study),
    markdown: compose(input, chapters),
    figures: chapters.flatMap(({ figures }) => figures),
    files: await filesOf(chapters),
  }
}

function compose(input: ReportInput, chapters: readonly Chapter[]): string {
  const blocks = [
    ...opening(input, chapters),
    ...chapters.flatMap(({ title, blocks }) => [`## ${title}`, ...blocks]),
    MARK,
  ]
  return `${blocks.join('\n\n')}\n`
}

async function filesOf(chapters: readonly Chapter[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const { figures, data = [] } of chapters) {
    for (const figure of figures) {
      const names = figureFiles(figure.name)
      const { light, dark } = await render(figure)
      files.set(names.light, light).set(names.dark, dark).set(names.data, toCsv(figure.data))
      files.set(names.spec, specText(wholeSpec(figure, LIGHT)))
    }
    for (const { name, table } of data) files.set(`data/${name}.csv`, toCsv(table))
  }
  return files
}
