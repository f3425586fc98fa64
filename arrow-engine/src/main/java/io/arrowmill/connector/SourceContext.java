package io.arrowmill.connector;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What a source may use while it is open.
 *
 * @param metadataDirectory a directory of the source's own inside the checkpoint; not yet there at
 *     the first start
 * @param allocator for buffers that the source keeps between batches
 */
public record SourceContext(Path metadataDirectory, BufferAllocator allocator) {}
