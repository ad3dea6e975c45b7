import { expect, test } from 'vitest'
import { ageRecipient } from '../../src/nix/age.ts'

// Converted with age's own Go packages (filippo.io/age 1.3, filippo.io/edwards25519), which ssh-to-age uses too.
test.each([
  [
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEPXB7mCx4/VXXT+TgrMRUb0hu/MdPeKbwb/fy6dKu3H root@web1',
    'age1xx0me0fvc3ydwaf0cfxp3lgjdp2kkg2fav62nch9v8kyrwqk63msdj2smn',
  ],
  [
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINPmSU9Yw2Kt69gDyZqa1NrkCeBiD16LmsBMzvTpcM/p',
    'age1e7yyknsl06sdnv5nxw88p5frfpm25v8snkfed8ms02dag5htppeqyu89pt',
  ],
  [
    ' ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK08l0dBrwBCh4Xp3a0LdJUfXuIW1Osty+VSH8tXxrDg\n',
    'age1eczvuywv6rqu74plu8a2jfpusgjfncs0qd88v4w8y26curtvwc4qg8m3zv',
  ],
])('%s is %s for age', (publicKey, recipient) => {
  expect(ageRecipient(publicKey)).toBe(recipient)
})

test.each(['ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQ', 'ssh-ed25519 AAAA', ''])(
  'age has nothing for the key `%s`',
  (publicKey) => {
    expect(ageRecipient(publicKey)).toBeUndefined()
  },
)
