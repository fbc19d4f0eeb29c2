import { apiVersion } from '../define-kind.ts';

const [group = '', version = ''] = apiVersion.split('/');
const name = 'deletion-protection.driftbox.io';

/** The admission policy that refuses to delete what has `deletionProtection`, and its binding. */
export function deletionProtectionPolicy(): readonly object[] {
  const apiVersionOfPolicies = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion: apiVersionOfPolicies,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [group], apiVersions: [version], operations: ['DELETE'], resources: ['storagepools', 'cells', 'tenants'] },
          ],
        },
        validations: [
          {
            expression: '!has(oldObject.spec.deletionProtection) || !oldObject.spec.deletionProtection',
            messageExpression:
              "'spec.deletionProtection is true: set it to false first if ' + oldObject.metadata.name + ' is really to be deleted'",
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion: apiVersionOfPolicies,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
