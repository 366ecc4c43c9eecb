import type { CommandModule } from 'yargs'
import { DB, JSON_OUTPUT } from '../options.ts'

export const list: CommandModule<object, { readonly db: string; readonly json: boolean }> = {
  command: 'list',
  describe: 'List the studies',
  builder: (yargs) =>
    yargs
      .options({ db: DB, json: JSON_OUTPUT })
      .example('$0 list', 'all studies with their trials by state')
      .example('$0 list --json', 'the same, for a script'),
  async handler({ db, json }) {
    const { openExisting } = await import('../stored.ts')
    const { studyLabel } = await import('../../study/record.ts')
    const { formatTable } = await import('../format.ts')
    const store = openExisting(db)
    const studies = store.listStudies()
    store.close()
    if (json) {
      const rows = studies.map(({ study, counts, holder }) => ({
        name: study.name,
        number: study.number,
        createdAt: study.createdAt,
        metric: study.definition.metric,
        goal: study.definition.goal,
        counts,
        holder,
      }))
      console.log(JSON.stringify(rows, null, 2))
      return
    }
    const states = ['complete', 'stopped', 'infeasible', 'failed', 'waiting', 'running'] as const
    console.log(
      formatTable(
        ['study', 'created', 'goal', ...states, 'run by'],
        studies.map(({ study, counts, holder }) => [
          studyLabel(study),
          study.createdAt.slice(0, 16).replace('T', ' '),
          `${study.definition.goal} ${study.definition.metric}`,
          ...states.map((state) => String(counts[state] ?? 0)),
          holder ? `process ${holder.pid} on ${holder.host}` : '',
        ]),
      ),
    )
  },
}
