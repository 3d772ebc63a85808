//! What the encryption of one message proves about its sender.

use crate::domain::chat::trust::Trust;
use matrix_sdk::deserialized_responses::{EncryptionInfo, VerificationLevel, VerificationState};

/// What is proven; without encryption nothing.
pub(super) fn trust_of(encryption: Option<&EncryptionInfo>) -> Trust {
    encryption.map_or(Trust::ServerOnly, |info| of_state(&info.verification_state))
}

fn of_state(state: &VerificationState) -> Trust {
    match state {
        // We compare keys with nobody; that the owner signed the device is what counts.
        VerificationState::Verified
        | VerificationState::Unverified(VerificationLevel::UnverifiedIdentity) => {
            Trust::SignedDevice
        }
        VerificationState::Unverified(
            VerificationLevel::VerificationViolation
            | VerificationLevel::UnsignedDevice
            // Also a key that came from the backup: nobody knows who put it there.
            | VerificationLevel::None(_)
            | VerificationLevel::MismatchedSender,
        ) => Trust::UnsignedDevice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matrix_sdk::deserialized_responses::DeviceLinkProblem;

    #[test]
    fn only_a_signed_device_proves_the_person() {
        assert_eq!(trust_of(None), Trust::ServerOnly);
        for (level, trust) in [
            (VerificationLevel::UnverifiedIdentity, Trust::SignedDevice),
            (VerificationLevel::UnsignedDevice, Trust::UnsignedDevice),
            (
                VerificationLevel::VerificationViolation,
                Trust::UnsignedDevice,
            ),
            (VerificationLevel::MismatchedSender, Trust::UnsignedDevice),
            (
                VerificationLevel::None(DeviceLinkProblem::MissingDevice),
                Trust::UnsignedDevice,
            ),
            (
                VerificationLevel::None(DeviceLinkProblem::InsecureSource),
                Trust::UnsignedDevice,
            ),
        ] {
            assert_eq!(of_state(&VerificationState::Unverified(level)), trust);
        }
        assert_eq!(of_state(&VerificationState::Verified), Trust::SignedDevice);
    }
}
