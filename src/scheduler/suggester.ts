import { Worker } from 'node:worker_threads'
import { DynotuneError, type ErrorCode, type ErrorDetails } from '../errors.ts'
import { ownFile } from '../runner/own-file.ts'
import type { Sampler } from '../study/sampler.ts'
import type { StudyView, TrialView } from '../study/view.ts'
import { type Suggestions, suggest } from './suggest.ts'

/** A suggestion that takes longer holds up events and leases: the next ones are made in a thread. */
const LONG_MS = 20

/** Makes suggestions: at once while that is quick, in a thread from the first slow one on. */
export interface Suggester {
  /** The same suggestions either way. One question at a time. */
  suggest(view: StudyView, count: number): Suggestions | Promise<Suggestions>
  /** What the last suggestion cost, in seconds for each trial. */
  readonly seconds: number
  close(): Promise<void>
}

/** What the thread is told first. Plain data: it travels. */
export interface ThreadStudy {
  /** The study file, where its own functions are needed. */
  readonly module?: string
  /** The name of the sampler, where it is not the study's own. */
  readonly sampler?: string
  /** What further trials must be able to gain. */
  readonly gain?: number | 'noise'
  /** The view without its trials, space and functions. */
  readonly view: Omit<StudyView, 'trials' | 'space' | 'allows'>
  readonly space: StudyView['space']['spec']
}

export type ToThread = {
  /** Trials that are new or have changed since the last question. */
  readonly trials: readonly TrialView[]
  readonly count: number
}

export type FromThread =
  | { readonly suggestions: Suggestions; readonly ms: number }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } & ErrorDetails }

/** @param study tells a thread how to make the same sampler and view; its import may be slow, so it is made on need */
export function createSuggester(sampler: Sampler, study: Omit<ThreadStudy, 'view' | 'space'>): Suggester {
  let thread: Thread | undefined
  let seconds = 0

  function here(view: StudyView, count: number): Suggestions {
    const began = performance.now()
    const suggestions = suggest(sampler, view, count, study.gain)
    const ms = performance.now() - began
    seconds = ms / 1000 / count
    if (ms > LONG_MS) thread = startThread(study, view)
    return suggestions
  }

  async function there(running: Thread, view: StudyView, count: number): Promise<Suggestions> {
    const answer = await running.ask(view, count)
    seconds = answer.ms / 1000 / count
    return answer.suggestions
  }

  return {
    suggest: (view, count) => (thread ? there(thread, view, count) : here(view, count)),
    get seconds() {
      return seconds
    },
    close: async () => thread?.close(),
  }
}

interface Thread {
  ask(view: StudyView, count: number): Promise<Extract<FromThread, { suggestions: unknown }>>
  close(): Promise<void>
}

function startThread(study: Omit<ThreadStudy, 'view' | 'space'>, view: StudyView): Thread {
  const { trials: _trials, space, allows: _allows, ...plain } = view
  const workerData: ThreadStudy = { ...study, view: plain, space: space.spec }
  const worker = new Worker(ownFile('../scheduler/suggestion-thread'), { workerData })
  // Holds the process open only while an answer is awaited.
  worker.unref()
  let sent: readonly TrialView[] = []

  return {
    async ask({ trials }, count) {
      const answer = Promise.withResolvers<FromThread>()
      worker.once('message', answer.resolve)
      worker.once('error', answer.reject)
      worker.once('exit', closed)
      function closed(): void {
        answer.reject(new DynotuneError('internal', 'The thread that makes suggestions has ended.'))
      }
      const question: ToThread = { trials: trials.filter((trial, number) => trial !== sent[number]), count }
      sent = [...trials]
      worker.ref()
      worker.postMessage(question)
      try {
        const found = await answer.promise
        if ('suggestions' in found) return found
        const { code, message, ...details } = found.error
        throw new DynotuneError(code, message, details)
      } finally {
        worker.off('error', answer.reject)
        worker.off('exit', closed)
        worker.unref()
      }
    },
    async close() {
      await worker.terminate()
    },
  }
}
