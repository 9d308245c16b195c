/**
 * Which component shows which page. Only what a terminal begins with comes with the page itself; all else is
 * fetched while nobody needs it yet, so that a slow machine stands ready sooner.
 */
import type { Component } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { TerminalView } from '../../device/http/contract.ts'
import { after, idle } from './idle.ts'
import Ending from './views/ending.svelte'

/** Three pages are not made from their view: the terminal shows them by name. */
type Shown = Exclude<TerminalView, { name: 'home' | 'rest' | 'not-enrolled' }>
type Views = { [View in Shown as View['name']]: () => Promise<{ default: Component<{ view: View }> }> }

const views: Views = {
  present: () => import('./views/present.svelte'),
  'looking-up': () => import('./views/looking-up.svelte'),
  waiting: () => import('./views/waiting.svelte'),
  'dead-end': () => import('./views/dead-end.svelte'),
  ending: async () => ({ default: Ending }),
  guides: () => import('./views/guides.svelte'),
  guide: () => import('./views/guide.svelte'),
  'guide-search': () => import('./views/guide-search.svelte'),
  'guide-forms': () => import('./views/guide-forms.svelte'),
  papers: () => import('./views/papers.svelte'),
  case: () => import('./views/case.svelte'),
  'paper-choice': () => import('./views/paper-choice.svelte'),
  proofs: () => import('./views/proofs.svelte'),
  'proof-card': () => import('./views/proof-card.svelte'),
  proof: () => import('./views/proof.svelte'),
  'proof-refused': () => import('./views/proof-refused.svelte'),
  'proof-unknown': () => import('./views/proof-unknown.svelte'),
  pickup: () => import('./views/pickup.svelte'),
  collected: () => import('./views/collected.svelte'),
  'pickup-refused': () => import('./views/pickup-refused.svelte'),
  'pickup-unknown': () => import('./views/pickup-unknown.svelte'),
  queue: () => import('./views/queue.svelte'),
  'ticket-ways': () => import('./views/ticket-ways.svelte'),
  'ticket-code': () => import('./views/ticket-code.svelte'),
  ticket: () => import('./views/ticket.svelte'),
  'ticket-refused': () => import('./views/ticket-refused.svelte'),
  'ticket-unknown': () => import('./views/ticket-unknown.svelte'),
  feedback: () => import('./views/feedback.svelte'),
  'feedback-contact': () => import('./views/feedback-contact.svelte'),
  'feedback-day': () => import('./views/feedback-day.svelte'),
  'feedback-excluded': () => import('./views/feedback-excluded.svelte'),
  'feedback-form': () => import('./views/feedback-form.svelte'),
  'feedback-ground': () => import('./views/feedback-ground.svelte'),
  'feedback-item': () => import('./views/feedback-item.svelte'),
  'feedback-kept': () => import('./views/feedback-kept.svelte'),
  'feedback-place': () => import('./views/feedback-place.svelte'),
  'feedback-said': () => import('./views/feedback-said.svelte'),
  'feedback-search': () => import('./views/feedback-search.svelte'),
  'feedback-slot': () => import('./views/feedback-slot.svelte'),
  'rate-present': () => import('./views/rate-present.svelte'),
  'rate-cases': () => import('./views/rate-cases.svelte'),
  rate: () => import('./views/rate.svelte'),
  'rate-labels': () => import('./views/rate-labels.svelte'),
  'rate-words': () => import('./views/rate-words.svelte'),
  'rate-thanks': () => import('./views/rate-thanks.svelte'),
  'rated-before': () => import('./views/rated-before.svelte'),
  printing: () => import('./views/printing.svelte'),
  'print-run': () => import('./views/print-run.svelte'),
  'paper-left': () => import('./views/paper-left.svelte'),
  printed: () => import('./views/printed.svelte'),
  'nothing-came-out': () => import('./views/nothing-came-out.svelte'),
}

/** Long enough for a device that starts anew, and no storm of reloads where a page is missing for good. */
const ANEW_AFTER_MS = 2_000

const loaded = new SvelteMap<Shown['name'], Component<{ view: Shown }>>()
const loading = new Map<Shown['name'], Promise<void>>()

const load = (name: Shown['name']): Promise<void> => {
  const under = loading.get(name) ?? fetched(name)
  loading.set(name, under)
  return under
}

const fetched = async (name: Shown['name']): Promise<void> => {
  try {
    const { default: component } = await views[name]()
    // The name picks the component of this very view: more than the compiler can follow through the union.
    loaded.set(name, component as Component<{ view: Shown }>)
  } catch {
    await beginAnew()
  }
}

/**
 * A page whose parts cannot be had, as when its device stopped just then or was updated beneath it, is loaded anew
 * as soon as the device answers: a browser asks no second time for a style that has failed. The device knows the place.
 */
export const beginAnew = async (): Promise<void> => {
  for (;;) {
    await after(ANEW_AFTER_MS)
    const answers = await fetch('/api/state').then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return location.reload()
  }
}

/** null for the moment until it has come. */
export const viewOf = (view: Shown): Component<{ view: Shown }> | null => {
  const component = loaded.get(view.name)
  if (component === undefined) void load(view.name)
  return component ?? null
}

/** Whoever comes while the page is new touches the first page next: until then nothing competes with that. */
const AHEAD_BEGINS_AFTER_MS = 1_500

/** Small, and wanted at once. */
const CARD_LEADS_TO: readonly Shown['name'][] = ['looking-up', 'papers']

/** Fetches what has not been shown yet, each when nothing else is to do, so that no touch waits for what is not its own. */
export const fetchAhead = async (): Promise<void> => {
  // A card may lie on the reader before anything is touched.
  for (const name of CARD_LEADS_TO) {
    await idle()
    await load(name)
  }
  await after(AHEAD_BEGINS_AFTER_MS)
  for (const name of Object.keys(views) as Shown['name'][]) {
    await idle()
    await load(name)
  }
  await idle()
  await import('window24:rare-fonts.css').catch(beginAnew)
}

/** What a page is about: another subject is another page, which begins at its first line. */
export const subjectOf = (view: TerminalView): string => {
  switch (view.name) {
    case 'guides':
      return `guides ${view.by} ${view.lifeEvent} ${view.office} ${view.letters}`
    case 'guide':
      return `guide ${view.guide.itemCode}`
    case 'case':
      return `case ${view.case.caseNo}`
    case 'feedback-item':
      return `feedback-item ${view.by} ${view.group}`
    case 'feedback-place':
      return `feedback-place ${view.office}`
    case 'feedback-said':
      return `feedback-said ${view.ground}`
    default:
      return view.name
  }
}
