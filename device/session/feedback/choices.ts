/** What can be chosen: offices, items, days and hours, as the hall's content has them. */
import { LifeEvent as LifeEvents } from '../../../sync/protocol/content.ts'
import type { FeedbackSlot } from '../../../sync/protocol/feedback.ts'
import { dayAfter, type HallMoment } from '../../../sync/protocol/feedback-days.ts'
import { openSpans } from '../../../sync/protocol/hall-hours.ts'
import type { FeedbackKept, FeedbackOffice, Preferences, TerminalView } from '../../http/contract.ts'
import type { World } from '../state.ts'

type ItemView = Extract<TerminalView, { name: 'feedback-item' }>

/** A week is what people still tell apart. */
const DAYS_BACK = 7
/** Halls take appointments for a week ahead. */
const SLOTS_AHEAD_DAYS = 14
const SLOTS_OFFERED = 10

/** All of China keeps one time, whatever zone this machine was set to. */
const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000

/** The moment on the hall's clocks and calendar. */
export const hallMoment = ({ now }: World): HallMoment => {
  const text = new Date(now.getTime() + CHINA_OFFSET_MS).toISOString()
  return { day: text.slice(0, 10), time: text.slice(11, 16) }
}

/** The hall's windows, those of one name together, in the hall's order. */
export const officesOf = ({ hall }: World): FeedbackOffice[] => {
  const offices = new Map<string, FeedbackOffice>()
  for (const { window, name, nameEnglish, floor } of hall?.windows ?? []) {
    const known = offices.get(name)
    if (known === undefined)
      offices.set(name, { office: name, officeEnglish: nameEnglish, floor, windows: [window] })
    else known.windows.push(window)
  }
  return [...offices.values()]
}

/** Whoever is asked first answers for it (首问责任): the general windows, as halls call them 综合. */
export const firstAsked = (world: World): FeedbackKept['firstAsked'] => {
  const offices = officesOf(world)
  const one = offices.find(({ office }) => office.includes('综合')) ?? offices[0]
  if (one === undefined) return null
  const { office, officeEnglish, floor, windows } = one
  return { name: office, nameEnglish: officeEnglish, windows: windowNumbers(windows), floor }
}

/** `['09', '10', '11', '12']` → `9–12`; with gaps they are listed. */
export const windowNumbers = (windows: readonly string[]): string => {
  const plain = windows.map((window) => window.replace(/^0+(?=\d)/, ''))
  const first = plain[0] ?? ''
  const inARow = plain.length > 2 && plain.every((window, index) => Number(window) === Number(first) + index)
  return inARow ? `${first}–${plain.at(-1)}` : plain.join('、')
}

export const itemView = (world: World, by: ItemView['by'], group: string | null): ItemView => {
  const { guides } = world
  const offices = new Map<string, number>()
  for (const { office } of guides) offices.set(office, (offices.get(office) ?? 0) + 1)
  const inGroup = guides.filter(({ office, lifeEvents }) =>
    by === 'office' ? office === group : lifeEvents.some((one) => one === group),
  )
  return {
    name: 'feedback-item',
    by,
    lifeEvents: LifeEvents.options
      .map((lifeEvent) => ({
        lifeEvent,
        count: guides.filter((guide) => guide.lifeEvents.includes(lifeEvent)).length,
      }))
      .filter(({ count }) => count > 0),
    offices: [...offices].map(([office, count]) => ({ office, count })),
    group: inGroup.length === 0 ? null : group,
    items: inGroup.map(itemOf),
  }
}

/** Nobody looks further down a list that a further key makes shorter. */
const FOUND_SHOWN_MAX = 60

export const searchView = (
  world: World,
  query: string,
  language: Preferences['language'],
): Extract<TerminalView, { name: 'feedback-search' }> => {
  const { guides, found, near } = world.guideIndex.search(query, language, FOUND_SHOWN_MAX)
  return { name: 'feedback-search', query, items: guides.map(itemOf), found, near }
}

const itemOf = ({
  itemCode,
  name,
  nameEnglish,
  office,
}: World['guides'][number]): ItemView['items'][number] => ({ itemCode, name, nameEnglish, office })

/** Today and the days before it. */
export const daysBack = (world: World): string[] => {
  const { day } = hallMoment(world)
  return Array.from({ length: DAYS_BACK }, (_, back) => dayAfter(day, -back))
}

/** The next hours in which windows are open, from tomorrow on: nobody can confirm today's any more. */
export const slotsAhead = (world: World): FeedbackSlot[] => {
  const { day: today } = hallMoment(world)
  const days = Array.from({ length: SLOTS_AHEAD_DAYS }, (_, ahead) => dayAfter(today, ahead + 1))
  return days
    .flatMap((day) =>
      openSpans(day, world.hall?.hours ?? [], world.calendars)
        .flatMap(halves)
        .map((span) => ({ day, ...span })),
    )
    .slice(0, SLOTS_OFFERED)
}

const NOON = '12:00'

/** A day without a break is offered as its morning and its afternoon. */
const halves = ({ opens, closes }: { opens: string; closes: string }): { opens: string; closes: string }[] =>
  opens < NOON && closes > NOON
    ? [
        { opens, closes: NOON },
        { opens: NOON, closes },
      ]
    : [{ opens, closes }]
