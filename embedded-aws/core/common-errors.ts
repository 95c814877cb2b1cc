// What a service says to a request that isn't signed right, isn't allowed or comes too often: «Common Error Types» of
// its API reference. The words for it come from the protocol that the service was born with, whatever a client speaks
// today.

export interface CommonError {
  readonly code: string;
  /** Absent where the service's model knows the error, and its status. */
  readonly status?: number;
}

export interface CommonErrors {
  readonly accessDenied: CommonError;
  readonly throttled: CommonError;
  /** A request that lacks what its operation must have. */
  readonly invalid: CommonError;
  readonly unknownKey: CommonError;
  /** A session token that is missing, tampered with, or of another key. */
  readonly badToken: CommonError;
  readonly expiredToken: CommonError;
  readonly badSignature: CommonError;
  /** Signed too long ago, or in the future. */
  readonly skewed: CommonError;
}

/** Query services, and those that were query services once. */
export const QUERY: CommonErrors = {
  accessDenied: { code: "AccessDenied", status: 403 },
  throttled: { code: "Throttling", status: 400 },
  invalid: { code: "ValidationError", status: 400 },
  unknownKey: { code: "InvalidClientTokenId", status: 403 },
  badToken: { code: "InvalidClientTokenId", status: 403 },
  expiredToken: { code: "ExpiredToken", status: 403 },
  badSignature: { code: "SignatureDoesNotMatch", status: 403 },
  skewed: { code: "SignatureDoesNotMatch", status: 403 },
};

/** JSON services. The status of a refusal is 400 in awsJson and 403 in restJson. */
const json = (status: 400 | 403): CommonErrors => ({
  accessDenied: { code: "AccessDeniedException", status },
  throttled: { code: "ThrottlingException" },
  invalid: { code: "ValidationException", status: 400 },
  unknownKey: { code: "UnrecognizedClientException", status },
  badToken: { code: "UnrecognizedClientException", status },
  expiredToken: { code: "ExpiredTokenException", status },
  badSignature: { code: "InvalidSignatureException", status },
  skewed: { code: "InvalidSignatureException", status },
});
export const AWS_JSON: CommonErrors = json(400);
export const REST_JSON: CommonErrors = json(403);

/** «Error responses», S3 API reference. */
export const S3: CommonErrors = {
  accessDenied: { code: "AccessDenied", status: 403 },
  throttled: { code: "SlowDown", status: 503 },
  invalid: { code: "InvalidRequest", status: 400 },
  unknownKey: { code: "InvalidAccessKeyId", status: 403 },
  badToken: { code: "InvalidToken", status: 400 },
  expiredToken: { code: "ExpiredToken", status: 400 },
  badSignature: { code: "SignatureDoesNotMatch", status: 403 },
  skewed: { code: "RequestTimeTooSkewed", status: 403 },
};

const FORBIDDEN: CommonError = { code: "ForbiddenException", status: 403 };
/**
 * IoT's data plane has one word for all of them: seen for denied publishes and for invalid tokens, for the rest not
 * confirmed.
 */
export const IOT_DATA: CommonErrors = {
  ...REST_JSON,
  accessDenied: FORBIDDEN,
  invalid: { code: "InvalidRequestException", status: 400 },
  unknownKey: FORBIDDEN,
  badToken: FORBIDDEN,
  expiredToken: FORBIDDEN,
  badSignature: FORBIDDEN,
  skewed: FORBIDDEN,
};
