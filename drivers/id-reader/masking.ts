/** How a person is shown on a screen that others can see. */

/**
 * Surnames of two characters that are common enough to be met at a counter. Kept short on purpose: a surname that
 * is missing here shows one character less, and a wrong entry would show half of a given name.
 */
const COMPOUND_SURNAMES = new Set([
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '司徒',
  '东方',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '夏侯',
  '宇文',
  '长孙',
  '端木',
])

/** 张小雨 → 张*, 欧阳小雨 → 欧阳*, Mary Johnson → M*. One star whatever the length, which would tell as well. */
export function maskName(name: string): string {
  const characters = [...name.trim()]
  const surname = characters.slice(0, 2).join('')
  const kept = characters.length > 2 && COMPOUND_SURNAMES.has(surname) ? surname : (characters[0] ?? '')
  return `${kept}*`
}

/** The first six (area) and the last four characters, which is what clerks compare. */
export function maskIdNumber(number: string): string {
  if (number.length <= 10) return '*'.repeat(number.length)
  return number.slice(0, 6) + '*'.repeat(number.length - 10) + number.slice(-4)
}
