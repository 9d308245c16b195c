/** Names of the ethnic group codes of GB/T 3304 as cards carry them (DEVICES §1.5), the code being the place. */
const NAMES =
  '汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 ' +
  '景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 ' +
  '裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺'

const BY_CODE = new Map(
  NAMES.split(' ').map((name, index): [string, string] => [String(index + 1).padStart(2, '0'), name]),
)
BY_CODE.set('97', '其他').set('98', '外国血统')

const BY_NAME = new Map([...BY_CODE].map(([code, name]): [string, string] => [name, code]))

export function ethnicGroupName(code: string): string | undefined {
  return BY_CODE.get(code)
}

export function ethnicGroupCode(name: string): string | undefined {
  return BY_NAME.get(name)
}

export const ETHNIC_GROUP_NAMES: readonly string[] = [...BY_NAME.keys()]
