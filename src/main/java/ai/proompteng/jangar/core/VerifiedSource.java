package ai.proompteng.jangar.core;

/**
 * An ImplementationSource whose secret has verified a request: the only ones that an HTTP exchange
 * may store work for (decision 46).
 */
public record VerifiedSource(String namespace, String name, String uid, String provider) {}
