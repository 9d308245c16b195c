/** Pages of the guides as the device makes them: of the demonstration hall, and of one with thousands of guides. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guideIndexOf } from '../../../device/content/guide-search/guide-index.ts'
import type { Guide, TerminalView } from '../../../device/http/contract.ts'
import {
  guideFormsView,
  guidesView,
  guideView,
  lifeEventView,
  nothingChosen,
  searchView,
} from '../../../device/session/guides/views.ts'
import { type BlankForm, LifeEvent } from '../../../sync/protocol/content.ts'
import { manyGuides } from '../../device/support/many-guides.ts'
import { sampleWorld } from '../../device/support/samples.ts'

const FORMS = join(import.meta.dirname, '../../../sync/hall/demo/forms')
const forms: BlankForm[] = readdirSync(FORMS)
  .filter((file) => file.endsWith('.json'))
  .map((file, index) => ({
    ...(JSON.parse(readFileSync(join(FORMS, file), 'utf8')) as Omit<BlankForm, 'sha256' | 'pages'>),
    sha256: `form-${index}`,
    pages: index + 1,
  }))

interface GuideScene {
  view: TerminalView
}

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the demonstration hall holds no such guide')
  return value
}

export const guideScenes = (guides: readonly Guide[]): Record<string, GuideScene> => {
  const world = sampleWorld({ guides, forms, guideIndex: guideIndexOf(guides) })
  const many = manyGuides(guides, 5_000)
  const large = sampleWorld({
    guides: many,
    guideIndex: guideIndexOf(many),
    printers: { a4: true, receipt: false },
  })
  const named = (part: string): Guide => found(guides.find(({ name }) => name.includes(part)))
  const count = (lifeEvent: LifeEvent): number =>
    guides.filter(({ lifeEvents }) => lifeEvents.includes(lifeEvent)).length
  const fullest = found([...LifeEvent.options].sort((a, b) => count(b) - count(a))[0])
  const longest = found([...guides].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0])
  const down = { ...world, printers: { a4: false, receipt: true } }
  return {
    guides: { view: guidesView(world, nothingChosen('life-event'), 'zh') },
    'guides-offices': { view: guidesView(world, nothingChosen('office'), 'zh') },
    'guides-letters': { view: guidesView(world, nothingChosen('letter'), 'zh') },
    'guides-letters-all': { view: guidesView(large, nothingChosen('letter'), 'zh') },
    'guides-few': { view: lifeEventView(world, 'birth', 'zh') },
    'guides-full': { view: lifeEventView(world, fullest, 'zh') },
    'guides-narrowed': { view: lifeEventView(large, fullest, 'zh') },
    'guides-none': { view: lifeEventView({ ...world, guides: [] }, 'farewell', 'zh') },
    'guide-search': { view: searchView(world, '', 'zh') },
    'guide-search-found': { view: searchView(world, 'shenfz', 'zh') },
    'guide-search-many': { view: searchView(large, 'sh', 'zh') },
    'guide-search-near': { view: searchView(world, '补办身份证', 'zh') },
    'guide-search-none': { view: searchView(world, 'wwww', 'zh') },
    guide: { view: guideView(named('身份证'), world) },
    'guide-longest': { view: guideView(longest, down) },
    'guide-two-forms': { view: guideView(named('最低生活保障'), world) },
    'guide-forms': { view: guideFormsView(named('最低生活保障'), world) },
    'guide-forms-down': { view: guideFormsView(named('最低生活保障'), down) },
  }
}
