/** What can be taken along of a guide: the guide itself, the one-time notice of its item, its blank forms. */
import type { Guide, Language, PrintJobView, TerminalView } from '../../http/contract.ts'
import type { Printable } from '../../printing/printable.ts'
import type { PrintAction, World } from '../state.ts'

type GuidePrint = Extract<PrintAction, { type: 'print-guide' | 'print-notice' | 'print-form' }>

/** null: the page does not offer it, or its printer is out of work. */
export const guideWish = (
  view: TerminalView,
  action: GuidePrint,
  jobId: string,
  world: World,
  language: Language,
): { job: PrintJobView; printable: Printable; retryOf: null } | null => {
  const inEnglish = language === 'en' ? { language } : {}
  switch (action.type) {
    case 'print-guide': {
      const guide = guideShown(view, action.itemCode, world)
      if (guide === undefined || !world.printers[action.paper]) return null
      const job = { jobId, kind: 'guide', paper: action.paper, pages: null } as const
      return { job, printable: { kind: 'guide', guide, ...inEnglish }, retryOf: null }
    }
    case 'print-notice': {
      if (view.name !== 'guide' || !world.printers[action.paper]) return null
      const job = { jobId, kind: 'one-time-notice', paper: action.paper, pages: null } as const
      const printable = {
        kind: 'one-time-notice',
        notice: { guide: view.guide, told: null },
        ...inEnglish,
      } as const
      return { job, printable, retryOf: null }
    }
    case 'print-form': {
      if (view.name !== 'guide' && view.name !== 'guide-forms') return null
      const form = view.forms.find(({ formId }) => formId === action.formId)
      if (form === undefined || !world.printers.a4) return null
      const { formId, pages } = form
      const { itemCode } = view.guide
      // How many pages it has is known before it is opened.
      const job = { jobId, kind: 'form', paper: 'a4', pages } as const
      return { job, printable: { kind: 'form', formId, pages, itemCode }, retryOf: null }
    }
  }
}

/** The guide itself, or a row in a list. */
const guideShown = (view: TerminalView, itemCode: string, world: World): Guide | undefined => {
  if (view.name === 'guide') return view.guide.itemCode === itemCode ? view.guide : undefined
  if (view.name !== 'guides' && view.name !== 'guide-search') return undefined
  if (!view.guides.some((entry) => entry.itemCode === itemCode)) return undefined
  return world.guides.find((guide) => guide.itemCode === itemCode)
}
