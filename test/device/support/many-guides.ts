/** A large hall's guides: as many as are wanted, no two of a name, spread as real ones over offices and letters. */
import { spell } from '../../../device/content/guide-search/spelling.ts'
import type { Guide } from '../../../sync/protocol/content.ts'

const THINGS = [
  '居民身份证',
  '普通护照',
  '社会保障卡',
  '住房公积金',
  '营业执照',
  '食品经营许可证',
  '道路运输证',
  '不动产权证书',
  '出版物经营许可证',
  '教师资格证',
  '医师执业证书',
  '特种设备使用登记证',
  '取水许可证',
  '林木采伐许可证',
  '养老机构备案证',
  '危险化学品经营许可证',
  '建筑工程施工许可证',
  '人力资源服务许可证',
  '残疾人证',
  '就业创业证',
  '户口簿',
  '居住证',
  '往来港澳通行证',
  '机动车行驶证',
  '排污许可证',
  '卫生许可证',
  '民办学校办学许可证',
  '广播电视节目制作许可证',
  '公证机构执业证',
  '律师执业证',
  '导游证',
  '渔业捕捞许可证',
  '种子生产经营许可证',
  '动物防疫条件合格证',
  '消防安全检查',
  '城镇燃气经营许可证',
  '房屋租赁备案',
  '退役军人优待证',
  '老年人优待证',
  '婚姻登记档案',
  '药品经营许可证',
  '保安员证',
  '烟草专卖零售许可证',
  '测绘资质证书',
  '会计从业登记',
  '专利代理机构备案',
  '宗教活动场所登记证',
  '社会团体登记',
  '慈善组织认定',
  '地名命名',
] as const
const ACTS = [
  '首次申领',
  '换领',
  '补领',
  '变更',
  '延续',
  '注销',
  '年度报告',
  '查询',
  '信息更正',
  '异议处理',
] as const
const FOR = [
  '',
  '（个人）',
  '（单位）',
  '（代办）',
  '（跨省通办）',
  '（未成年人）',
  '（长三角通办）',
  '（告知承诺）',
  '（加急）',
  '（线上）',
] as const

export const manyGuides = (samples: readonly Guide[], count: number): Guide[] =>
  Array.from({ length: count }, (_, index): Guide => {
    const sample = samples[index % samples.length]
    if (sample === undefined) throw new Error('there is no guide to begin with')
    const thing = THINGS[index % THINGS.length] ?? ''
    const act = ACTS[Math.floor(index / THINGS.length) % ACTS.length] ?? ''
    const ofWhom = FOR[Math.floor(index / (THINGS.length * ACTS.length)) % FOR.length] ?? ''
    const name = `${thing}${act}${ofWhom}`
    const letters = spell(name).map(({ sounds, character }) => (sounds[0] ?? character)[0] ?? '')
    return {
      ...sample,
      itemCode: `${sample.itemCode.slice(0, 24)}${String(index).padStart(7, '0')}`,
      name,
      nameEnglish: `${sample.nameEnglish.slice(0, 60)} ${index}`,
      initials: letters.join('').toUpperCase(),
    }
  })
