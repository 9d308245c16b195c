/** The pages of the guides, made from the hall's content. */
import { type Guide, type LifeEvent, LifeEvent as LifeEvents } from '../../../sync/protocol/content.ts'
import type { GuideEntry, TerminalView } from '../../http/contract.ts'
import type { World } from '../state.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

const guideEntry = (guide: Guide): GuideEntry => ({
  itemCode: guide.itemCode,
  name: guide.name,
  nameEnglish: guide.nameEnglish,
  office: guide.office,
  kind: guide.kind,
  promisedWorkingDays: guide.promisedWorkingDays,
})

export const guidesView = (world: World, lifeEvent: LifeEvent | null): View<'guides'> => ({
  name: 'guides',
  lifeEvents: LifeEvents.options
    .map((one) => ({
      lifeEvent: one,
      count: world.guides.filter((guide) => guide.lifeEvents.includes(one)).length,
    }))
    .filter(({ count }) => count > 0),
  lifeEvent,
  guides:
    lifeEvent === null
      ? []
      : world.guides.filter((guide) => guide.lifeEvents.includes(lifeEvent)).map(guideEntry),
  printable: { ...world.printers },
})

export const guideView = (guide: Guide, world: World): View<'guide'> => ({
  name: 'guide',
  guide,
  printable: { ...world.printers },
})
