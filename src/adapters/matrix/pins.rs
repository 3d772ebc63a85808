//! The identity that a person had when we first met him. Whoever takes over an account can give it new keys
//! and sign his own device with them; his word must not command for that.
//!
//! Each device of ours remembers for itself, in the library's sealed store.

use crate::domain::chat::ids::UserId;
use crate::domain::chat::incoming::ChatEvent;
use crate::domain::chat::trust::Trust;
use matrix_sdk::{Client, StoreError, ruma};

/// Takes the proof away from a message whose sender has another identity than when we first met him.
pub(super) async fn weigh(client: &Client, event: &mut ChatEvent) {
    if event.trust == Trust::SignedDevice && !is_who_we_met(client, &event.sender).await {
        event.trust = Trust::UnsignedDevice;
    }
}

/// Forgets who somebody was: the next message of his is taken for that of the same person.
pub(super) async fn forget(client: &Client, user: &UserId) -> Result<(), StoreError> {
    client
        .state_store()
        .remove_custom_value(place(user).as_bytes())
        .await
        .map(|_| ())
}

/// What can't be looked up proves nothing.
async fn is_who_we_met(client: &Client, user: &UserId) -> bool {
    let Some(key) = master_key(client, user).await else {
        return false;
    };
    let (store, place) = (client.state_store(), place(user));
    match store.get_custom_value(place.as_bytes()).await {
        Ok(Some(met)) => met == key,
        Ok(None) => store.set_custom_value(place.as_bytes(), key).await.is_ok(),
        Err(_) => false,
    }
}

async fn master_key(client: &Client, user: &UserId) -> Option<Vec<u8>> {
    let user = <&ruma::UserId>::try_from(user.as_str()).ok()?;
    let identity = client.encryption().get_user_identity(user).await.ok()??;
    let key = identity.master_key().get_first_key()?;
    Some(key.to_base64().into_bytes())
}

fn place(user: &UserId) -> String {
    format!("eerstelijn/met/{user}")
}
