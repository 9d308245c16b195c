/** The pages of the guides, made from the hall's content. */
import type { BlankForm, Guide, LifeEvent } from '../../../sync/protocol/content.ts'
import { LifeEvent as LifeEvents } from '../../../sync/protocol/content.ts'
import { printVersion } from '../../documents/documents.ts'
import type { BrowseBy, FormEntry, GuideEntry, Language, TerminalView } from '../../http/contract.ts'
import type { World } from '../state.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

/** What was chosen of the guides, step by step. */
export type Chosen = Pick<View<'guides'>, 'by' | 'lifeEvent' | 'office' | 'letters'>

/** Six pages or so of rows: what can be leafed through by a patient finger. More are narrowed down by letters. */
const LEAFED_MAX = 40
/** Nobody looks further down a list that a further key makes shorter. */
const FOUND_SHOWN_MAX = 60

const guideEntry = (guide: Guide): GuideEntry => ({
  itemCode: guide.itemCode,
  name: guide.name,
  nameEnglish: guide.nameEnglish,
  office: guide.office,
  kind: guide.kind,
  promisedWorkingDays: guide.promisedWorkingDays,
})

/** What a guide is looked up under. */
const lettersOf = (guide: Guide, language: Language): string =>
  language === 'zh' ? guide.initials : guide.nameEnglish.toUpperCase().replace(/[^A-Z0-9]/g, '')

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const counted = <Key>(keys: readonly Key[]): Map<Key, number> => {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

export const nothingChosen = (by: BrowseBy): Chosen => ({ by, lifeEvent: null, office: null, letters: '' })

const isGroups = ({ lifeEvent, office }: Chosen): boolean => lifeEvent === null && office === null

export const guidesView = (world: World, chosen: Chosen, language: Language): View<'guides'> => {
  const { by, lifeEvent, office, letters } = chosen
  const events = counted(world.guides.flatMap((guide) => guide.lifeEvents))
  const offices = counted(world.guides.map((guide) => guide.office))
  const isNamed = (guide: Guide): boolean => lettersOf(guide, language).startsWith(letters)
  const isOfGroup = (guide: Guide): boolean =>
    (lifeEvent === null || guide.lifeEvents.includes(lifeEvent)) &&
    (office === null || guide.office === office)
  const here =
    by !== 'letter' && isGroups(chosen) ? [] : world.guides.filter((one) => isOfGroup(one) && isNamed(one))
  const next = counted(here.flatMap((guide) => lettersOf(guide, language)[letters.length] ?? []))
  // By letter one begins with the letters, however few guides there are.
  const isNarrowed = next.size > 0 && (here.length > LEAFED_MAX || (by === 'letter' && letters === ''))
  return {
    name: 'guides',
    by,
    lifeEvent,
    office,
    letters,
    lifeEvents: LifeEvents.options.flatMap((one) => {
      const count = events.get(one)
      return count === undefined ? [] : [{ lifeEvent: one, count }]
    }),
    offices: [...offices].map(([name, count]) => ({ office: name, count })),
    nextLetters: isNarrowed
      ? [...next].map(([letter, count]) => ({ letter, count })).sort((a, b) => inOrder(a.letter, b.letter))
      : [],
    guides: isNarrowed
      ? []
      : here
          .toSorted((one, other) => inOrder(lettersOf(one, language), lettersOf(other, language)))
          .map(guideEntry),
    printable: { ...world.printers },
  }
}

/** A letter after which there is no choice is followed to where there is one, or to the guides themselves. */
export const withLetter = (
  world: World,
  chosen: Chosen,
  letter: string,
  language: Language,
): View<'guides'> => {
  let view = guidesView(world, { ...chosen, letters: chosen.letters + letter }, language)
  while (view.nextLetters.length === 1)
    view = guidesView(
      world,
      { ...view, letters: view.letters + (view.nextLetters[0]?.letter ?? '') },
      language,
    )
  return view
}

export const lifeEventView = (world: World, lifeEvent: LifeEvent, language: Language): View<'guides'> =>
  guidesView(world, { ...nothingChosen('life-event'), lifeEvent }, language)

export const searchView = (world: World, query: string, language: Language): View<'guide-search'> => {
  const { guides, found, near } = world.guideIndex.search(query, language, FOUND_SHOWN_MAX)
  return {
    name: 'guide-search',
    query,
    guides: guides.map(guideEntry),
    found,
    near,
    printable: { ...world.printers },
  }
}

const formEntry = ({ sha256, title, titleEnglish, pages }: BlankForm): FormEntry => ({
  formId: sha256,
  title,
  titleEnglish,
  pages,
})

const formsOf = (itemCode: string, { forms }: World): FormEntry[] =>
  forms.filter(({ itemCodes }) => itemCodes.includes(itemCode)).map(formEntry)

export const guideView = (guide: Guide, world: World): View<'guide'> => ({
  name: 'guide',
  guide,
  forms: formsOf(guide.itemCode, world),
  noticeVersion: printVersion(guide),
  printable: { ...world.printers },
})

export const guideFormsView = (guide: Guide, world: World): View<'guide-forms'> => ({
  name: 'guide-forms',
  guide: guideEntry(guide),
  forms: formsOf(guide.itemCode, world),
  printable: { ...world.printers },
})
