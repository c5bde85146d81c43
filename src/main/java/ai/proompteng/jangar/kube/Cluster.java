package ai.proompteng.jangar.kube;

import ai.proompteng.jangar.api.Decoder;
import ai.proompteng.jangar.api.Kind;
import ai.proompteng.jangar.api.Resource;
import ai.proompteng.jangar.core.Key;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The door to the API server. Reads come from the informers' stores, overlaid with this process's
 * own last writes until the watch has caught up (decisions 29 and 49); {@link #read} alone asks the
 * server. Objects are untyped: decoding happens per object, in load.
 *
 * <p>Every call that reaches the server throws {@link ai.proompteng.jangar.core.Unreachable} when
 * it did not answer, asked to come back or did not know us (I/O, timeouts, 401, 408, 429, 5xx),
 * {@link Conflict} on 409, and {@link ai.proompteng.jangar.core.Rejected} on any other 4xx.
 *
 * <p>Objects that it hands out may be shared: they are read, never altered.
 */
public interface Cluster {

  /** The namespaces that are watched. Nothing outside them is ever read or written. */
  List<String> namespaces();

  /**
   * Starts the informers of that type, one a watched namespace, unless they run. They list in
   * pages, drop managedFields and retry everything for ever: an API server that is absent, a kind
   * that is missing or forbidden.
   *
   * @param labelKey only objects that carry this label; null for all
   */
  void watch(ResourceType type, String labelKey);

  /** Somebody who listens; closing it ends that. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Calls back with (old, new) of each change; one of them is null for added and deleted. In the
   * informer's thread: ring and return.
   *
   * @return what ends it; may be let go by whoever listens for good
   */
  Subscription listen(
      ResourceType type, BiConsumer<GenericKubernetesResource, GenericKubernetesResource> listener);

  /** True once the first list of every watched namespace is in the store. */
  boolean synced(ResourceType type);

  /**
   * What keeps a watched type from being synced or watching, by type: {@code missing}, {@code
   * forbidden}, {@code unreachable}; empty when all is well.
   */
  Map<ResourceType, String> troubles();

  /** The object as the informers and our own writes have it. No request. */
  Optional<GenericKubernetesResource> cached(ResourceType type, Key key);

  /**
   * All objects of a watched type in a namespace. For start-up and the resync, never per event. No
   * request.
   */
  List<GenericKubernetesResource> cached(ResourceType type, String namespace);

  /** The cached objects of that type whose controller has this uid. By index; no request. */
  List<GenericKubernetesResource> owned(ResourceType type, String namespace, String ownerUid);

  /** The object as the server has it now: one GET. Empty on 404. */
  Optional<GenericKubernetesResource> read(ResourceType type, Key key);

  /**
   * Creates the object and returns it as stored.
   *
   * @throws AlreadyExists when one of that name exists
   */
  GenericKubernetesResource create(GenericKubernetesResource object);

  /**
   * A JSON merge patch.
   *
   * @param patch the fields; with {@code metadata.resourceVersion} the server refuses it once the
   *     object has moved on
   * @throws Conflict when it has
   * @return the object as stored; empty on 404
   */
  Optional<GenericKubernetesResource> mergePatch(
      ResourceType type, Key key, Map<String, Object> patch);

  /**
   * A PUT of name, namespace, uid, resourceVersion and status on the status subresource. Only
   * {@link StatusWriter} calls it.
   *
   * @throws Conflict when the object has moved on or is another
   */
  Optional<GenericKubernetesResource> replaceStatus(
      ResourceType type, Key key, String uid, String resourceVersion, Map<String, Object> status);

  /**
   * Deletes the object with that uid, its dependents in the background.
   *
   * @return false when it was not there
   */
  boolean delete(ResourceType type, Key key, String uid);

  /**
   * The end of a container's log.
   *
   * @param maxBytes how much of it at the most
   * @return empty when there is no such pod or container
   */
  Optional<String> log(Key pod, String container, int maxBytes);

  /** As {@link #cached(ResourceType, Key)}, decoded. */
  default <S, T> Optional<Resource<S, T>> cached(Kind<S, T> kind, Key key) {
    return cached(ResourceType.of(kind), key).map(object -> Decoder.decode(kind, object));
  }

  /** As {@link #read(ResourceType, Key)}, decoded. */
  default <S, T> Optional<Resource<S, T>> read(Kind<S, T> kind, Key key) {
    return read(ResourceType.of(kind), key).map(object -> Decoder.decode(kind, object));
  }
}
