/** Promise 5: after the end, nothing of a person is left in memory, on screen, disk, spool, browser or log. */
import { expect, it, onTestFinished } from 'vitest'
import type { SimulatedCard } from '../../drivers/simulators/id-reader.ts'
import { type Night, openNight } from './forgetting/night.ts'
import { PATIENT } from './forgetting/terminal.ts'
import { type Planted, tracesIn, writingsOf } from './forgetting/traces.ts'

/** Of nobody, and of no case and no record at the hall. */
const STRANGER: SimulatedCard = {
  name: '慕容听雪',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1987-12-06',
  address: '浙江省云溪区石桥镇下园村40号',
  number: '330099198712060445',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
}
const PHONES = { shen: '13900571204', guli: '13805710926' }
/** No sentence of the product's own: asked for by two spellings, each with its first word. */
const SPELLINGS = [
  ['yaoqian', '要钱'],
  ['huanghun', '黄昏'],
] as const

/** So short that only whoever waits for it sees it, and a test never meets it on its way. */
const AT_ONCE = { idle: 200, warning: 200 }

/** A terminal, its hall and a browser started, five people, four heaps read. */
const ENOUGH_MS = 240_000

const planted: Planted = {}
const plant = (who: string, what: Planted): void => {
  for (const [name, value] of Object.entries(what)) planted[`${who}: ${name}`] = value
}
const plantCard = (who: string, { name, number, address }: SimulatedCard, masked: string): void =>
  plant(who, { name, number, address, 'masked name': masked })

/** Prints papers, complains by name and phone, ends by 结束, and takes her card then. */
const leavesByTheButton = async (night: Night): Promise<void> => {
  const card = await night.putCard('shen')
  const { cases, personMasked } = await night.view('papers')
  plantCard('shen', card, personMasked)
  plant('shen', { 'a case': cases[0]?.caseNo ?? '', phone: PHONES.shen })
  plant('shen', { words: SPELLINGS.map(([, word]) => word).join('') })
  await night.touch('最低生活保障申请')
  await night.touch(/收件凭证/)
  await night.sees('打印好了')
  await night.touch('返回')
  await night.touch(/受理通知书/)
  await night.seesView('printed')
  for (const page of ['case', 'papers', 'home']) {
    await night.touch('返回')
    await night.seesView(page)
  }
  await night.touch('反映与评价')
  await night.touch('投诉')
  await night.touch('索要好处')
  await night.touch('还差一项：说说情况')
  await night.touch('写几句话')
  for (const [letters, word] of SPELLINGS) {
    for (const letter of letters) await night.touch(letter)
    await night.touch(word)
  }
  await night.touch('完成')
  await night.touch('写好了')
  await night.touch('还差一项：署名还是匿名')
  await night.touch('署名')
  night.liftCard()
  await night.putCard('shen')
  await night.sees(personMasked)
  await types(night, PHONES.shen)
  await night.touch('完成')
  // What is looked for was there, and is found where it is; her name, number and address never come to the page.
  const inPage = (await night.inPage(planted)).join()
  for (const what of ['masked name', 'phone']) expect(inPage).toContain(`page: shen: ${what}`)
  for (const what of ['name', 'number', 'address']) expect(inPage).not.toContain(`shen: ${what}`)
  await night.touch('写好了')
  await night.touch('交给大厅')
  await night.seesView('feedback-kept')
  await night.touch('结束')
  night.liftCard()
  await night.seesView('rest')
}

const types = async (night: Night, phone: string): Promise<void> => {
  await night.touch('填电话')
  for (const digit of phone) await night.touch(digit)
}

/** Reads, and goes away with the card; the next one puts another down on the page that stands. */
const isFollowedByTheNext = async (night: Night): Promise<void> => {
  await night.putCard(STRANGER)
  const { personMasked } = await night.view('papers')
  plantCard('stranger', STRANGER, personMasked)
  await night.seesView('papers')
}

/** Has a proof printed that names her; then her reader is gone with her card on it, and comes back without her. */
const losesTheReader = async (night: Night): Promise<void> => {
  const { reader } = night.terminal.peripherals
  const card = await night.putCard('wang')
  await night.sees('王*')
  const { cases, personMasked } = await night.view('papers')
  plantCard('wang', card, personMasked)
  plant('wang', { 'a case': cases[0]?.caseNo ?? '' })
  await night.touch('开具证明')
  await night.touch('社会保险参保证明')
  await night.sees('证明开好了')
  plant('wang', { 'code of the proof': (await night.view('proof')).verificationCode })
  await night.sees(/打印好了/)
  await reader.unplug()
  await night.terminal.until(({ peripherals }) => peripherals.idReader?.state === 'fault')
  await night.touch('结束')
  await night.seesView('rest')
  await reader.plug()
  await night.terminal.until(({ peripherals }) => peripherals.idReader?.state === 'ready')
  night.liftCard()
}

/** Types a phone, and is never seen again. */
const walksAway = async (night: Night): Promise<void> => {
  await night.touch('轻触屏幕开始')
  await night.touch('反映与评价')
  await night.touch('咨询求助')
  await night.touch('上门服务')
  await night.touch('还差一项：怎么联系您')
  await night.seesView('feedback-contact')
  const card = await night.putCard('guli')
  await night.sees('古*')
  const { nameMasked } = await night.view('feedback-contact')
  plantCard('guli', card, nameMasked ?? '')
  plant('guli', { phone: PHONES.guli })
  await types(night, PHONES.guli.slice(0, -1))
  await night.terminal.setTimings(AT_ONCE)
  await night.touch(PHONES.guli.slice(-1))
  await night.seesView('rest')
  await night.terminal.setTimings(PATIENT)
  night.liftCard()
}

/** Waits for a printer that has stopped half-way when the power goes. */
const losesThePower = async (night: Night): Promise<void> => {
  const { receiptPrinter } = night.terminal.peripherals
  const card = await night.putCard('zhang')
  const { cases, personMasked } = await night.view('papers')
  plantCard('zhang', card, personMasked)
  plant('zhang', { 'a case': cases[0]?.caseNo ?? '' })
  await night.touch(cases[0]?.itemName ?? '')
  const cooled = receiptPrinter.trouble('overheated', { atRow: 100 })
  await night.touch(/收件凭证/)
  await night.terminal.until(({ view }) => view.name === 'printing' && view.trouble !== null)
  night.liftCard()
  await night.terminal.kill()
  cooled()
  await night.terminal.startAgain()
}

it('a planted name, number, phone and words are found nowhere once their owner has gone, however they went', {
  timeout: ENOUGH_MS,
}, async () => {
  const night = await openNight()
  onTestFinished(() => night.close())

  await leavesByTheButton(night)
  await isFollowedByTheNext(night)
  await losesTheReader(night)
  await walksAway(night)
  const { places, found } = await night.inMemory(planted)
  expect(places).toEqual(['device', 'worker 1', 'page', 'screen'])
  expect(found).toEqual([])

  await losesThePower(night)
  await night.seesView('paper-left')
  await night.sees('出纸口可能有纸')
  expect(await night.inPage(planted)).toEqual([])
  // A few bytes stand by chance in files of random ones: of two characters only memory is searched.
  const longer = Object.entries(planted).filter(([, text]) => text.length > 2)
  expect(await night.onDisk(Object.fromEntries(longer))).toEqual([])
})

it('finds a text in each way in which it could have been written down', () => {
  const writings = writingsOf('沈阿素')
  for (const { writing, bytes } of writings) {
    const around = Buffer.concat([Buffer.from('...'), bytes, Buffer.from('...')])
    expect(tracesIn(around, { 'the name': '沈阿素' })).toContain(`the name in ${writing}`)
  }
  for (const before of ['', 'a', 'ab']) {
    const sealed = Buffer.from(Buffer.from(`${before}沈阿素。`).toString('base64url'))
    expect(tracesIn(sealed, { 'the name': '沈阿素' })).not.toEqual([])
  }
})
