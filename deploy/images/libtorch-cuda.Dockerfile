# syntax=docker/dockerfile:1.7-labs
# The base of the CUDA image of the worker: a JRE and PyTorch's own library, which no Maven registry has. Unpack
# libtorch 2.7.1 for CUDA 12.8 (Linux x86-64, cxx11 ABI) of pytorch.org, then:
#   docker build -f deploy/images/libtorch-cuda.Dockerfile --build-context libtorch=/path/to/libtorch -t REGISTRY/libtorch:2.7.1-cu128 .
#   docker push REGISTRY/libtorch:2.7.1-cu128
#   mvn -Pimages -Datelier.image.cuda.base=REGISTRY/libtorch:2.7.1-cu128 -DskipTests package
# The driver comes from the node (NVIDIA's container runtime).
FROM eclipse-temurin:21-jre
COPY --from=libtorch lib/ /opt/libtorch/lib/
