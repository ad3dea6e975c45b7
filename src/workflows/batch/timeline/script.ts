/** Filters and sorts the rows, and tells of the one under the pointer. The page says all of it without this, too. */
export const script = `
const find = (id) => document.getElementById(id)
const chart = find('chart')
const lists = [find('rows'), find('all')].filter(Boolean)
const initial = lists.map((list) => [...list.children])
const number = (key) => (a, b) => b.dataset[key] - a.dataset[key]
const text = (key) => (a, b) => a.dataset[key].localeCompare(b.dataset[key], undefined, { numeric: true })
const orders = {
  inventory: () => 0,
  began: (a, b) => a.dataset.began - b.dataset.began,
  longest: number('seconds'),
  waited: number('waited'),
  name: text('name'),
  node: text('node'),
  state: (a, b) => a.dataset.rank - b.dataset.rank,
}
function update() {
  const words = find('filter').value.toLowerCase().split(/\\s+/).filter(Boolean)
  const state = find('state').value
  let shown = 0
  initial.forEach((rows, index) => {
    lists[index].replaceChildren(...rows.toSorted(orders[find('sort').value]))
    for (const row of rows) {
      const all = row.dataset.text
      row.hidden = (state !== '' && row.dataset.state !== state) || !words.every((word) => all.includes(word))
      if (index === 0 && !row.hidden) shown++
    }
  })
  find('shown').textContent = shown === initial[0].length ? '' : shown + ' of ' + initial[0].length + ' shown'
}
for (const id of ['filter', 'state', 'sort']) find(id).addEventListener('input', update)
find('height').addEventListener('input', ({ target }) => { chart.className = 'chart ' + target.value })

const tip = document.body.appendChild(Object.assign(document.createElement('div'), { id: 'tip', hidden: true }))
chart.addEventListener('pointermove', (event) => {
  const row = event.target.closest('[title], [data-tip]')
  tip.hidden = row === null
  if (row === null) return
  // The browser's own tip would stand beside this one.
  if (row.title) { row.dataset.tip = row.title; row.removeAttribute('title') }
  tip.textContent = row.dataset.tip
  tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px'
  tip.style.top = (event.clientY + 18 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18) + 'px'
})
chart.addEventListener('pointerleave', () => { tip.hidden = true })
document.documentElement.classList.add('js')
`
