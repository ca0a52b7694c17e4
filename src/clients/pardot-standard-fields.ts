/** Standard prospect fields that hold text and may be written (pardot.md §3.1). */
export const STANDARD_TEXT_FIELDS: ReadonlySet<string> = new Set([
  ...['salutation', 'firstName', 'lastName', 'company', 'website', 'jobTitle', 'department', 'country'],
  ...['addressOne', 'addressTwo', 'city', 'state', 'territory', 'zip', 'phone', 'fax', 'source', 'industry'],
  ...['yearsInBusiness', 'comments', 'notes'],
]);

/** The other standard ones: numbers, flags, times, references, and what Account Engagement alone writes. */
export const OTHER_STANDARD_FIELDS: ReadonlySet<string> = new Set([
  ...['id', 'email', 'campaignId', 'prospectAccountId', 'profileId', 'userId', 'salesforceId'],
  ...[
    'salesforceOwnerId',
    'score',
    'annualRevenue',
    'employees',
    'isDoNotEmail',
    'isDoNotCall',
    'isReviewed',
  ],
  ...['isStarred', 'optedOut', 'assignedToId', 'campaignParameter', 'contentParameter', 'mediumParameter'],
  ...[
    'sourceParameter',
    'termParameter',
    'convertedAt',
    'convertedFromObjectName',
    'convertedFromObjectType',
  ],
  ...['createdAt', 'createdById', 'updatedAt', 'updatedById', 'doNotSell', 'emailBouncedAt'],
  ...['emailBouncedReason', 'firstActivityAt', 'firstAssignedAt', 'firstReferrerQuery', 'firstReferrerType'],
  ...['firstReferrerUrl', 'grade', 'isDeleted', 'isEmailHardBounced', 'lastActivityAt', 'lifecycleStageId'],
  ...['recentInteraction', 'salesforceAccountId', 'salesforceCampaignId', 'salesforceContactId'],
  ...['salesforceLastSync', 'salesforceLeadId', 'salesforceUrl'],
]);
