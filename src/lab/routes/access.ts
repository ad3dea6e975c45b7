import type { Routes } from '../router.ts'
import { aclRoutes } from './acl.ts'
import { groupRoutes } from './groups.ts'
import { roleRoutes } from './roles.ts'
import { ticketRoutes } from './ticket.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Tickets, users, groups, tokens, roles, the access control list. */
export const accessRoutes: Routes = {
  'GET /access': () =>
    ['users', 'groups', 'roles', 'acl', 'domains', 'openid', 'tfa', 'ticket', 'password'].map((subdir) => ({
      subdir,
    })),
  'GET /access/domains': () => [
    { comment: 'Linux PAM standard authentication', realm: 'pam', type: 'pam' },
    { comment: 'Proxmox VE authentication server', realm: 'pve', type: 'pve' },
  ],
  ...ticketRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...groupRoutes,
  ...roleRoutes,
  ...aclRoutes,
}
