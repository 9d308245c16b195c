/** Rating at a terminal, page by page. */
import type { CaseView, TerminalState, TerminalView } from '../../../device/http/contract.ts'
import { labelsOf } from '../../../sync/protocol/dictionary.ts'

type Scene = { view: TerminalView } & Partial<Pick<TerminalState, 'line' | 'closesAt'>>
type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

const LONG_NAME =
  '建设工程消防设计审查（特殊建设工程，含装修、改建、扩建及用途变更）与竣工验收消防备案联合办理'
/** Eight seconds before the line of the bench's clock has run out. */
const CLOSES = '2026-11-21T22:41:08+08:00'

const present = (change: Partial<View<'rate-present'>>): Scene => ({
  view: {
    name: 'rate-present',
    accepts: ['code', 'card'],
    online: true,
    service: true,
    problem: null,
    ...change,
  },
})
const labels = (level: 1 | 3 | 5, change: Partial<View<'rate-labels'>> = {}): Scene => ({
  view: {
    name: 'rate-labels',
    labels: [...(labelsOf('2019.1', level) ?? [])],
    chosen: [],
    words: '',
    anonymous: false,
    notKept: false,
    ...change,
  },
  closesAt: CLOSES,
})
const rate = (change: Partial<View<'rate'>>): Scene => ({
  view: { name: 'rate', about: { kind: 'service' }, anonymous: false, notKept: false, ...change },
})

export const ratingScenes = (cases: readonly CaseView[]): Record<string, Scene> => ({
  'rate-present': present({}),
  'rate-present-code': present({ accepts: ['code'], problem: 'code-not-text' }),
  'rate-present-offline': {
    ...present({ accepts: [], online: false }),
    line: { online: false, backlog: 3 },
  },
  'rate-present-nothing': present({ accepts: [], service: false }),
  'rate-cases': {
    view: {
      name: 'rate-cases',
      personMasked: '张*',
      cases: cases.slice(0, 9).map(({ caseNo, itemName, acceptedAt }, index) => ({
        caseNo,
        itemName,
        acceptedAt,
        open: index === 1 ? 'none' : index === 2 ? 'follow-up' : 'first',
      })),
    },
  },
  'rate-cases-none': { view: { name: 'rate-cases', personMasked: '古*', cases: [] } },
  rate: rate({}),
  'rate-case': rate({ about: { kind: 'case', itemName: LONG_NAME, followUp: false }, anonymous: true }),
  'rate-follow-up': rate({ about: { kind: 'case', itemName: LONG_NAME, followUp: true } }),
  'rate-not-kept': rate({ notKept: true }),
  'rate-labels-5': labels(5, { chosen: ['510', '517'] }),
  'rate-labels-1': labels(1, {
    words: '跑了三次，每次说的都不一样，第三次才知道还要一份证明，希望一次说清楚。',
    anonymous: true,
    notKept: true,
  }),
  'rate-words': { view: { name: 'rate-words', words: '很快' } },
  'rate-thanks': { view: { name: 'rate-thanks' } },
  'rated-before': {
    view: { name: 'rated-before', about: { kind: 'case', itemName: '普通护照申领', followUp: false } },
  },
  'rated-before-service': { view: { name: 'rated-before', about: { kind: 'service' } } },
})
