import { countAttemptsIn } from '@driftbox/postgres';

export const countAttempts = countAttemptsIn('login_attempts', 'auth.count-attempts');
