package ai.proompteng.jangar.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * JSON of the API server in and out. Lenient: a field we do not know is passed over, a time with or
 * without a fraction is read, one that is no time at all is absent. Words of an enum stay strings,
 * so that a newer one stops nobody (decision 4).
 */
public final class Decoder {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .addModule(
              new SimpleModule()
                  .addDeserializer(Instant.class, new LenientInstant())
                  .addSerializer(Instant.class, new PlainInstant()))
          .build();

  private Decoder() {}

  /** The mapper itself, for whoever writes JSON of ours. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /**
   * The object as one of that kind.
   *
   * @param object anything that Jackson can turn into a tree: a {@code GenericKubernetesResource},
   *     a map, a {@link JsonNode}
   * @throws Undecodable when a field has another shape than the kind's
   */
  public static <S, T> Resource<S, T> decode(Kind<S, T> kind, Object object) {
    try {
      JsonNode tree = MAPPER.valueToTree(object);
      return new Resource<>(
          MAPPER.treeToValue(tree.path("metadata"), Meta.class),
          part(tree, "spec", kind.spec()),
          part(tree, "status", kind.status()));
    } catch (IOException | IllegalArgumentException e) {
      throw new Undecodable(
          kind.kind() + ": " + e.getMessage().lines().findFirst().orElse("not decodable"), e);
    }
  }

  /**
   * As {@link #decode}, for those who must say something of the object in any case.
   *
   * @return the object; of one that does not decode what does: always its metadata, and its status
   *     where possible, beside an empty spec
   */
  public static <S, T> Attempt<S, T> attempt(Kind<S, T> kind, Object object) {
    try {
      return new Attempt<>(decode(kind, object), Optional.empty());
    } catch (Undecodable e) {
      return new Attempt<>(rest(kind, MAPPER.valueToTree(object)), Optional.of(e.getMessage()));
    }
  }

  /** An object as far as it decodes, and what was wrong with the rest. */
  public record Attempt<S, T>(Resource<S, T> resource, Optional<String> trouble) {}

  private static <S, T> Resource<S, T> rest(Kind<S, T> kind, JsonNode tree) {
    var bare = MAPPER.createObjectNode();
    bare.set("metadata", tree.path("metadata"));
    var told = bare.deepCopy();
    told.set("status", tree.path("status"));
    try {
      return decode(kind, told);
    } catch (Undecodable e) {
      return decode(kind, bare);
    }
  }

  private static <X> X part(JsonNode tree, String field, Class<X> type) throws IOException {
    var node = tree.path(field);
    var absent = node.isMissingNode() || node.isNull();
    return MAPPER.treeToValue(absent ? MAPPER.createObjectNode() : node, type);
  }

  /** An object that does not decode: it gets its own condition and stops nobody else. */
  public static final class Undecodable extends RuntimeException {
    Undecodable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static final class LenientInstant extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    LenientInstant() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return OffsetDateTime.parse(parser.getValueAsString("")).toInstant();
      } catch (DateTimeException e) {
        return null;
      }
    }
  }

  private static final class PlainInstant extends JsonSerializer<Instant> {
    @Override
    public void serialize(
        Instant value, com.fasterxml.jackson.core.JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }
}
