export type { FieldMessages } from '../errors/authError.js';
export type { AuthReason } from '../errors/reasons.js';
export {
  type ActivityItem,
  activityItemSchema,
  activityListSchema,
  activityPageSchema,
  changeEmailSchema,
  changePasswordSchema,
  type Device,
  deleteAccountSchema,
  deviceSchema,
  requestResetSchema,
  resetPasswordSchema,
  revokeSessionSchema,
  type SessionInfo,
  sessionInfoSchema,
  verifyEmailSchema,
} from './account.js';
export { type AdminUser, adminUserListSchema, adminUserPageSchema, adminUserSchema } from './admin.js';
export {
  type Credentials,
  credentialsSchema,
  type LoginInput,
  loginSchema,
  type RegisterInput,
  registerSchema,
} from './auth.js';
export {
  emailSchema,
  newPasswordSchema,
  passwordSchema,
  type User,
  usernameSchema,
  userSchema,
} from './user.js';
