import type { DockState } from '../../scripts/demo/contract.ts'

/** Chinese first, English small beside it. */
export type Pair = readonly [zh: string, en: string]

/** What the window's case system may be told of an evaluation: its state, never a level (PROTOCOLS.md §2). */
const evaluationStates: Record<string, Pair> = {
  waiting: ['等待评价', 'waiting'],
  rated: ['已评价', 'rated'],
  declined: ['未评价', 'not rated'],
  cancelled: ['已取消', 'cancelled'],
  'already-rated': ['这件事评过了，不再问', 'already rated'],
  busy: ['评价器正忙', 'busy'],
  paused: ['窗口暂停中，没有问', 'paused: not asked'],
  'not-enrolled': ['评价器还没启用', 'not enrolled'],
  'no-window': ['没有窗口接口', 'no window interface'],
  'no-answer': ['评价器没有回应', 'no answer'],
}

export function evaluationWords(evaluation: DockState['evaluation']): Pair {
  if (evaluation === null) return ['还没有请人评价', 'nobody was asked yet']
  return evaluationStates[evaluation.state] ?? [evaluation.state, '']
}

/** `22:41:05` on the clock of whoever watches. */
export function timeOfDay(instant: string): string {
  return new Date(instant).toLocaleTimeString('en-GB')
}
