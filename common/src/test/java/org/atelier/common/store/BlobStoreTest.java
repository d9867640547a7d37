package org.atelier.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final BlobStore blobs = new BlobStore(store);
    private final byte[] content = {1, 2, 3};

    @Test
    void keepsBlobsUnderTheirDigests(@TempDir Path folder) throws Exception {
        var fromBytes = blobs.put("a.bin", content, "application/octet-stream");
        var fromFile = blobs.put("a.bin", Files.write(folder.resolve("a"), content), "application/octet-stream");

        assertThat(fromBytes).isEqualTo(fromFile)
                .isEqualTo(new Artifact("a.bin", Digest.of(content), 3, "application/octet-stream"));
        assertThat(store.keys()).containsExactly(
                "blobs/sha256/03/039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        assertThat(blobs.get(fromBytes.digest())).isEqualTo(content);
        blobs.download(fromBytes.digest(), folder.resolve("b"));
        assertThat(folder.resolve("b")).hasBinaryContent(content);
    }

    @Test
    void aDamagedBlobIsAnErrorAndNeverAResult(@TempDir Path folder) {
        var digest = blobs.put("a.bin", content, "application/octet-stream").digest();
        store.put(StoreKeys.blob(digest), new byte[]{1, 2, 4}, "application/octet-stream");

        assertThatThrownBy(() -> blobs.get(digest)).isInstanceOfSatisfying(JobException.class,
                e -> assertThat(e.category()).isEqualTo(ErrorCategory.INPUT_UNREADABLE)).hasMessageContaining(
                        "is damaged");
        assertThatThrownBy(() -> blobs.download(digest, folder.resolve("b"))).hasMessageContaining("is damaged");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsRemovedAtThisMomentIsNotReliedOn() {
        var blob = blobs.put("a.bin", content, "application/octet-stream");
        store.put(StoreKeys.CONDEMNED, Json.bytes(new Condemned("token", List.of(blob.digest()))), Artifact.JSON);

        assertThatThrownBy(() -> blobs.put("a.bin", content, "application/octet-stream")).isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.category().retryable()).isTrue()).hasMessageContaining(
                        "again in some seconds");
        assertThatThrownBy(() -> blobs.rely(blob.digest())).isInstanceOf(StoreException.class);

        assertThat(blobs.put("b.bin", new byte[]{9}, "application/octet-stream").size()).as("others are").isOne();
        store.delete(StoreKeys.CONDEMNED);
        assertThat(blobs.rely(blob.digest())).isTrue();
        assertThat(blobs.rely(Digest.of(new byte[0]))).as("there is none").isFalse();
    }

    @Test
    void aMissingBlobIsNamed() {
        var digest = Digest.of(content);

        assertThatThrownBy(() -> blobs.get(digest)).isInstanceOf(NoSuchObjectException.class)
                .hasMessageContaining(digest.hex());
    }
}
