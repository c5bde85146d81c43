package ai.proompteng.jangar.implementation;

import java.util.Map;

/**
 * What an import writes, and nothing else: a user's own fields survive (integrations-and-helm.md
 * 1.12). Null values take a field away.
 *
 * @param spec empty when only the metadata is news
 * @param truncatedFrom bytes of the text before it was cut; null when it was not
 */
public record Imported(
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, Object> spec,
    Integer truncatedFrom) {}
